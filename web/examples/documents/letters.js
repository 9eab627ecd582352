// Five letters and a list, for who has no documents at hand. All of it is made up.

export const letters = {
  "from-lisbon.md": `# A letter from Lisbon

Dear Tomas,

the harbour is exactly as you said. I met Elena Duarte on the first morning, in front of the old instrument shop in Bica Street. She repairs clocks and every kind of compass, and she knew at once whose compass I was carrying.

It belonged to Matthias Brandt, she says, who sailed from Lisbon to Mombasa in the spring of 1911. Elena Duarte keeps the letters he wrote to her grandmother. In one of them he draws the compass and complains that the needle sticks.

I am going to [[The workshop]] tomorrow. Read the list of [what is missing](inventory.md) meanwhile.

#compass #voyage`,
  "workshop.md": `# The workshop

Duarte's workshop has two rooms. In the first one she repairs clocks; in the second one hang the instruments that nobody came back for.

The compass was opened twice before us. Elena Duarte found a strip of paper behind the needle, with a name on it: Nora Weiss, Trieste. The paper is older than the compass.

A second strip, under the first, has a column of numbers. Elena Duarte thinks they are a tide table; I think they are page numbers. She laughed at that.`,
  "trieste.md": `# Trieste

Nora Weiss ran a printing press in Trieste until 1914. The city archive has her letters, and a receipt for paper that was delivered to Matthias Brandt in Mombasa.

So they knew each other. The receipt has the same column of numbers as our strip: order numbers, neither tides nor pages. Both of us were wrong.

The press printed maps. One of them shows the coast of Kenya, with a mark near Mombasa that is on no other map. The archivist, a patient man named Paolo Ferri, is looking for the printing plate.`,
  "tomas.md": `# Reply from Tomas

My dear Ines Falk,

you have all the luck. While you are in Lisbon I sit in Vienna and read Brandt's log book, which the Museum has lent to me until April.

The log book stops in Mombasa on the second of May. The last entry is about a printing plate, "delivered by the Weiss woman herself". So Nora Weiss was in Kenya, whatever the archive in Trieste believes.

Ask Paolo Ferri about the plate. And ask him about Amina Khalid: her name is on the back cover of the log book.`,
  "mombasa.md": `# What Amina Khalid knows

I reached Amina Khalid by telephone. Her great-grandfather kept the customs books in Mombasa, and the family has them still. In May 1911 there is an entry: one printing plate, copper, from Trieste; owner, N. Weiss; paid, M. Brandt.

The plate never left Kenya. Amina Khalid has it on her wall. She had always thought it was a picture of a river.

See https://example.org/customs-1911 for her photographs, and [the list](inventory.md) for what we still miss.`,
  "inventory.md": `# What is missing

- the case of the compass, last seen by Elena Duarte
- the first half of the log book, lent to Tomas Lindqvist by the museum in Vienna
- the map, of which Paolo Ferri has only the receipt
- whatever Nora Weiss wrote to Matthias Brandt

See [[A letter from Lisbon]] and [[Trieste]].`,
};
