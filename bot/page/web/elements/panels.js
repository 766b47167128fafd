// Tutor.Panels: small pictures, as many side by side as there is room for.
export class Panels extends window.AdaptiveCards.Container {
  static JsonTypeName = "Tutor.Panels";

  getJsonTypeName() {
    return Panels.JsonTypeName;
  }

  internalRender() {
    const made = super.internalRender();
    made?.classList.add("panels");
    return made;
  }
}
