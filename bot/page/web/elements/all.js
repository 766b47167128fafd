// Makes the renderer know the tutor's own elements.
import { Curves } from "./curves.js";
import { File } from "./file.js";
import { Frames } from "./frames.js";
import { Jsonl } from "./jsonl.js";
import { Order, Pick } from "./lists.js";
import { Progress } from "./progress.js";
import { Sides } from "./sides.js";
import { Table } from "./tables.js";
import { Terms } from "./terms.js";

const kinds = [Pick, Order, Jsonl, File, Frames, Curves, Terms, Progress, Table, Sides];

export const names = kinds.map((kind) => kind.JsonTypeName);

export function register() {
  const { GlobalRegistry, Versions } = window.AdaptiveCards;
  for (const kind of kinds) GlobalRegistry.elements.register(kind.JsonTypeName, kind, Versions.v1_0);
}
