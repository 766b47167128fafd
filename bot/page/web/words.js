// The page's own words in each language, from the server, and how blanks in them are filled.
const languages = JSON.parse(document.getElementById("strings").textContent);
let words = languages[document.documentElement.lang];

// Speaks another language from now on; false where it isn't known, or is spoken already.
export function speak(language) {
  if (!(language in languages) || languages[language] === words) return false;
  words = languages[language];
  document.documentElement.lang = language;
  return true;
}

export function say(name, blanks = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => blanks[key] ?? whole);
}
