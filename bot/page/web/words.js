// The page's own words, from the server, and how blanks in them are filled.
const words = JSON.parse(document.getElementById("strings").textContent);

export function say(name, blanks = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => blanks[key] ?? whole);
}
