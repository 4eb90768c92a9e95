// → the texts in sight whose contrast is below WCAG 2.1 AA
() => {
  const parse = (value) => (value.match(/[\d.]+/g) ?? []).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const over = (top, under) => top.slice(0, 3).map((part, index) => part * (top[3] ?? 1) + under[index] * (1 - (top[3] ?? 1)));
  const ground = (node) => {
    const own = parse(getComputedStyle(node).backgroundColor);
    if ((own[3] ?? 1) === 1) return own;
    return over(own, node.parentElement ? ground(node.parentElement) : [255, 255, 255]);
  };
  const faint = [];
  for (const node of document.querySelectorAll("body *")) {
    const words = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    const style = getComputedStyle(node);
    if (!words || !node.checkVisibility({ opacityProperty: true }) || node.closest("svg, noscript, .visually-hidden, .skip, :disabled, .spoiler")) continue;
    const [one, two] = [light(over(parse(style.color), ground(node))), light(ground(node))].sort((left, right) => right - left);
    const ratio = (one + 0.05) / (two + 0.05);
    const big = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (big ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} ${node.className} ${node.textContent.slice(0, 40)}`);
  }
  return faint;
}
