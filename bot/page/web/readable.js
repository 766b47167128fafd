// A card without what could be done on it: what stays of it in the chat.
export function readable(content) {
  const { actions, ...rest } = content;
  return { ...rest, body: content.body.flatMap((element) => (element.type === "ActionSet" ? folds(element) : [named(element)])) };
}

function folds(element) {
  const actions = element.actions.filter(({ data }) => !data);
  return actions.length ? [{ ...element, actions }] : [];
}

// The page leads to news in the newest card alone. An element's `action` is a button in it; a field for a file
// goes on saying what became of one.
function named({ id, action, ...element }) {
  const past = element.type === "Tutor.File" ? { ...element, past: true } : element;
  return id === "news" ? past : { id, ...past };
}
