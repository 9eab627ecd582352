// Names in a text, by simple rules. They know nothing of grammar and are wrong
// at times; the page says so. Swap this file for something better: the rest asks
// only for what `extract` returns.

import { places } from "./places.js";

const capital = "\\p{Lu}[\\p{L}'’-]*\\p{Ll}";
const particle = "(?:de|del|der|van|von|da|di|la|le)";
const personName = new RegExp(`(?<![\\p{L}\\d])${capital}(?: ${capital}| ${particle} ${capital}){1,2}(?![\\p{L}\\d])`, "gu");
const placeWord = "(?:Street|Road|Square|Bridge|River|Lake|Bay|Island|Park|Valley|Harbour|Castle)";
const placeName = new RegExp(`(?<![\\p{L}\\d])${capital}(?: ${capital})? ${placeWord}(?![\\p{L}\\d])`, "gu");

/** Words that begin sentences, days and months: no part of a name. */
const notNames = new Set(
  "a an and are as ask at because before both but by dear did do does during each every few first for from had has have he her here his how i if in is it its last many me most mr mrs my near never next no not now of on once one only or our perhaps see she since so some than tell thank that the their then there these they this those though to today tomorrow two under until was we were what when where which while who why with without yesterday yet you your monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december".split(" "),
);
/** Words that are no topics, however frequent. */
const dull = new Set(
  "about above after again against almost along already always another around because before began being below better between beyond called cannot could every first found great having himself herself house itself large later least leave letter likely little made makes many maybe might month months morning mother much never night nothing often other others ought people perhaps place quite rather really right saying second seems shall should since small something sometimes still such taken tells their them themselves there these things think third those though thought three through times today together tomorrow toward towards twenty under until upon using very wanted wants weeks went where whether which while whole whose will with within without words works would write writes wrote years yesterday yours".split(" "),
);

const topicsOfADocument = 6;
const longestPassage = 600; // characters that are shown as one passage

/**
 * Takes a document apart. Returns {name, title, links, passages}: links are
 * {to} another document by title or file name, or {address}; a passage is
 * {text, people, places, topics}. Every list has each name once.
 */
export function extract(name, text) {
  const plain = text.replaceAll("\r\n", "\n");
  const heading = /^#\s+(.+)$/m.exec(plain);
  const texts = (heading ? plain.replace(heading[0], "") : plain)
    .split(/\n\s*\n/)
    .map((passage) => passage.replace(/^#+\s+/gm, "").replace(/\s+/g, " ").trim())
    .filter(Boolean)
    .flatMap(cut);
  const people = peopleIn(texts);
  const alone = lastNames(people);
  const topics = topicsIn(texts);
  return {
    name,
    title: heading?.[1].trim() ?? name.replace(/\.\w+$/, ""),
    links: linksIn(plain),
    passages: texts.map((text) => ({ text, places: placesIn(text), people: whoIsIn(text, people, alone), topics: topics.filter((topic) => words(text).includes(topic)) })),
  };
}

/** A long passage in parts, at the ends of sentences. */
function cut(text) {
  const parts = [""];
  for (const sentence of text.split(/(?<=[.!?]) /)) {
    if (parts.at(-1) && parts.at(-1).length + sentence.length > longestPassage) parts.push("");
    parts.push(`${parts.pop()} ${sentence}`.trim());
  }
  return parts;
}

const words = (text) => text.toLowerCase().match(/[\p{L}][\p{L}'’-]*/gu) ?? [];
const unique = (list) => [...new Set(list)];

export function linksIn(text) {
  const titles = [...text.matchAll(/\[\[([^[\]\n]+)\]\]/g)].map(([, title]) => ({ to: title.trim() }));
  const files = [...text.matchAll(/\]\(([^)\s:]+\.(?:md|markdown|txt))\)/g)].map(([, to]) => ({ to: decodeURI(to).split("/").pop() }));
  const addresses = [...text.matchAll(/https?:\/\/[^\s)\]>"']+[^\s)\]>"'.,;:!?]/g)].map(([address]) => ({ address }));
  const seen = new Set();
  return [...titles, ...files, ...addresses].filter((link) => !seen.has(JSON.stringify(link)) && seen.add(JSON.stringify(link)));
}

const isPlace = (name) => places.has(name) || new RegExp(`^${placeName.source}$`, "u").test(name);

export function placesIn(text) {
  const found = [...text.matchAll(new RegExp(`(?<![\\p{L}\\d])${capital}(?: ${capital}){0,2}(?![\\p{L}\\d])`, "gu"))].flatMap(([name]) => {
    // "Old Lisbon" has a place in it, and so has "Lisbon Elena".
    const parts = name.split(" ");
    for (let size = parts.length; size > 0; size--) {
      for (let from = 0; from + size <= parts.length; from++) {
        const part = parts.slice(from, from + size).join(" ");
        if (places.has(part)) return [part];
      }
    }
    return [];
  });
  return unique([...found, ...[...text.matchAll(placeName)].map(([name]) => name)]);
}

/** Full names: what has a place in it is none. */
function peopleIn(texts) {
  const found = texts.flatMap((text) => [...text.matchAll(personName)].map(([match]) => withoutBeginning(match)));
  return unique(found).filter((name) => name && !isPlace(name) && !name.split(" ").some((part) => places.has(part)));
}

/** "When Elena Duarte" is Elena Duarte; "On Monday" is nobody. */
function withoutBeginning(name) {
  const parts = name.split(" ");
  while (parts.length && notNames.has(parts[0].toLowerCase())) parts.shift();
  return parts.length > 1 && !parts.some((part) => notNames.has(part.toLowerCase())) ? parts.join(" ") : null;
}

/** Who is in a passage: by full name, or by a last name that one of them alone has. */
function whoIsIn(text, people, alone) {
  const capitals = new Set(text.match(new RegExp(capital, "gu")));
  return people.filter((name) => text.includes(name) || (capitals.has(last(name)) && alone.has(last(name))));
}

const last = (name) => name.slice(name.lastIndexOf(" ") + 1);

/** The last names that only one of them has. */
function lastNames(people) {
  const names = people.map(last).sort();
  return new Set(names.filter((name, i) => name !== names[i - 1] && name !== names[i + 1]));
}

/** #tags, and the long words that come most often, three times at least. */
function topicsIn(texts) {
  const counts = new Map();
  const named = new Set(texts.flatMap((text) => [...text.matchAll(/(?<=[\p{Ll},;] )\p{Lu}[\p{L}-]+/gu)].map(([word]) => word.toLowerCase())));
  for (const word of texts.flatMap(words)) if (word.length > 4 && !dull.has(word) && !notNames.has(word) && !named.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const frequent = [...counts].filter(([, n]) => n >= 3).sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).slice(0, topicsOfADocument);
  const tags = texts.flatMap((text) => [...text.matchAll(/(?<!\S)#(\p{L}[\p{L}\d-]+)/gu)].map(([, tag]) => tag.toLowerCase()));
  return unique([...tags, ...frequent.map(([word]) => word)]);
}
