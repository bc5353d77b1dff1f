// What a column of the course can be drawn to: within what the protocol leaves, on the rungs where the records hold the load at rungs.
{
  const drawing = () => document.querySelector(".studio-drawing");
  const columns = () => [...document.querySelectorAll("[data-column]")];
  const number = (column, name) => Number(column.dataset[name]);
  const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
  const bounded = (column, percent) => clamp(percent, number(column, "least"), number(column, "most"));
  const seconds = (column, percent) => Math.round((number(column, "full") * percent) / 100);

  // Where the records hold the load at rungs of the ladder, a column rests on the nearest of them.
  const stops = () => drawing().dataset.stops.split(" ").filter(Boolean).map(Number);
  const resting = (percent, from = stops()) => {
    const nearer = (best, each) => (Math.abs(each - percent) < Math.abs(best - percent) ? each : best);
    return from.reduce(nearer, from[0] ?? percent);
  };
  const nearest = (column, wanted) => bounded(column, resting(Math.round((100 * wanted) / number(column, "full"))));

  // The nearest rung in that direction.
  const beyond = (column, percent, way) => {
    const further = stops().filter((each) => (way > 0 ? each > percent : each < percent));
    return bounded(column, resting(percent, further));
  };

  globalThis.studioReach = { drawing, columns, number, bounded, seconds, nearest, beyond };
}
