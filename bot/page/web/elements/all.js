// Makes the renderer know the tutor's own elements.
import { Bars } from "./bars.js";
import { Curves } from "./curves.js";
import { Demonstration } from "./demonstration.js";
import { File } from "./file.js";
import { Frames } from "./frames.js";
import { Job } from "./job.js";
import { Jsonl } from "./jsonl.js";
import { Order, Pick } from "./lists.js";
import { Panels } from "./panels.js";
import { Scores } from "./scores.js";
import { Screen } from "./screen.js";
import { Sides } from "./sides.js";
import { Step } from "./step.js";
import { Table } from "./tables.js";
import { Terms } from "./terms.js";

const kinds = [Pick, Order, Jsonl, File, Frames, Demonstration, Curves, Bars, Job, Terms, Table, Sides, Scores, Screen, Panels, Step];

export const names = kinds.map((kind) => kind.JsonTypeName);

// Next stands apart from what answers a step: its look is the page's.
function nameNext({ prototype }) {
  const { updateCssClasses } = prototype;
  prototype.updateCssClasses = function () {
    updateCssClasses.call(this);
    if (this.data?.tutor?.do === "next") this.renderedElement?.classList.add("next");
  };
}

export function register() {
  const { GlobalRegistry, Versions } = window.AdaptiveCards;
  nameNext(window.AdaptiveCards.SubmitAction);
  for (const kind of kinds) GlobalRegistry.elements.register(kind.JsonTypeName, kind, Versions.v1_0);
}
