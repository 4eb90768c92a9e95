// → the fields, buttons and frames whose edge cannot be told from the ground beside it: WCAG 2.1, 1.4.11
() => {
  const parse = (value) => (value.match(/[\d.]+/g) ?? []).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (node) => {
    const own = parse(getComputedStyle(node).backgroundColor);
    return (own[3] ?? 1) === 1 || !node.parentElement ? own : ground(node.parentElement);
  };
  const faint = [];
  for (const node of document.querySelectorAll("input:not([type=hidden], [type=file]), textarea, button, .note, .answer, .letter")) {
    const [one, two] = [light(parse(getComputedStyle(node).borderLeftColor)), light(ground(node.parentElement))].sort((left, right) => right - left);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < 3) faint.push(`${ratio.toFixed(2)} ${node.outerHTML.slice(0, 60)}`);
  }
  return faint;
}
