// The rows of a body chart as somebody reads them: the list is the form, and what the drawing shows is what stands in it.
{
  const form = document.querySelector("form[data-chart]");
  const list = form.querySelector("[data-rows]");

  const all = () => [...list.querySelectorAll("[data-row]")];
  const field = (row, name) => row.querySelector(`[name^="${name}-"]`);
  const value = (row, name) => field(row, name).value.trim();
  const isEmpty = (row) => ["zone", "side", "level", "note"].every((name) => !value(row, name));
  const isMiddle = (row) => field(row, "zone").selectedOptions[0]?.hasAttribute("data-middle");

  const sidesOf = (row) => {
    if (isMiddle(row)) {
      return ["both"];
    }
    const side = value(row, "side");
    return side === "both" ? ["left", "right"] : [side];
  };

  globalThis.chartRows = { form, list, all, field, value, isEmpty, isMiddle, sidesOf };
}
