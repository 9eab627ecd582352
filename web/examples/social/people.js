// Sixty people who do not exist. They met in five circles; a few know somebody
// of another one. The page has to find the circles again from friendships alone.

export const circles = {
  choir: ["Amara", "Benno", "Carla", "Dilan", "Edda", "Farid", "Greta", "Hugo", "Ilse", "Jonas", "Kaya", "Lorenz"],
  climbing: ["Mila", "Nils", "Olga", "Pavel", "Quentin", "Rosa", "Sami", "Tilda", "Uwe", "Vera", "Wanda", "Xaver"],
  bakery: ["Yara", "Zeno", "Anouk", "Bruno", "Cleo", "Dario", "Elin", "Finn", "Gilda", "Hana", "Ivo", "Juna"],
  chess: ["Kofi", "Lena", "Marek", "Nora", "Otis", "Petra", "Rafael", "Selma", "Tariq", "Ulla", "Vito", "Willa"],
  garden: ["Ximena", "Yusuf", "Zita", "Arvid", "Bela", "Chiara", "Diego", "Esra", "Florin", "Gwen", "Henrik", "Ines"],
};

/** Steps round a circle at which people are friends: everybody in it has six friends. */
const steps = [1, 2, 5];

const across = [
  ["Amara", "Mila"], ["Carla", "Rosa"], ["Hugo", "Yara"], ["Kaya", "Kofi"], ["Nils", "Anouk"], ["Pavel", "Petra"],
  ["Vera", "Gwen"], ["Elin", "Lena"], ["Ivo", "Zita"], ["Nora", "Ximena"], ["Otis", "Esra"], ["Amara", "Hana"], ["Amara", "Gwen"],
];

/** Pairs of names. */
export const friendships = [
  ...Object.values(circles).flatMap((names) => names.flatMap((name, i) => steps.map((step) => [name, names[(i + step) % names.length]]))),
  ...across,
];
