// Numbers as text, and as colours.

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");

function scientific(count, digits) {
  const text = count.toString();
  let power = text.length - 1;
  const scale = 10n ** BigInt(Math.max(power - digits + 1, 0));
  let lead = ((2n * count + scale) / (2n * scale)).toString();
  if (lead.length > digits) power += 1;
  lead = lead.slice(0, digits);
  return `${lead[0]}.${lead.slice(1)}e${power}`;
}

/** A count for a cell: all its digits below `most`, else two. */
function short(count, most = 1000000n) {
  if (count >= most) return scientific(count, 2);
  return count >= 10000n ? grouped(count.toString()) : count.toString();
}

const full = (count) => (count < 10n ** 24n ? grouped(count.toString()) : `about ${short(count)}`);

/** How many times `less` is in `more`, as people say it. */
function times(more, less) {
  if (more >= less * 10n ** 15n) return scientific(more / less, 3);
  const value = Number((more * 1000000n) / less) / 1e6;
  return value >= 100 ? grouped(Math.round(value).toString()) : value < 10 ? String(Number(value.toPrecision(2))) : Math.round(value).toString();
}

const plural = (count, noun) => `${full(count)} ${noun}${count === 1n ? "" : "s"}`;

function log10(count) {
  const digits = count.toString();
  return Math.log10(Number(`0.${digits.slice(0, 16)}`)) + digits.length;
}

const share = (part, whole) => Number((part * 10n ** 12n) / whole) / 1e12;

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

const rgbOf = (text) => /^#/.test(text) ? rgb(text) : text.match(/[\d.]+/g)?.slice(0, 3).map(Number);

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function colour(value, stops) {
  const place = Math.min(Math.max(value, 0), 1) * (stops.length - 1);
  const at = Math.min(Math.floor(place), stops.length - 2);
  const [low, high] = [rgb(stops[at]), rgb(stops[at + 1])];
  return `rgb(${low.map((part, k) => Math.round(part + (high[k] - part) * (place - at))).join(",")})`;
}

/** Shares of the colour scale, from the least count to the most, over all rows or over each; NaN where no path is. */
function shades(numbers, each, bottom) {
  const logs = numbers.map((row) => row.map((count) => (count ? log10(count) : NaN)));
  const spread = (values) => {
    const known = values.flat().filter(Number.isFinite);
    const top = Math.max(...known);
    return { low: bottom === null || each ? Math.min(...known) : top + bottom, top };
  };
  const all = spread(logs);
  return logs.map((row) => {
    const { low, top } = each ? spread([row]) : all;
    return row.map((value) => (top > low ? (value - low) / (top - low) : value - top + 1));
  });
}
