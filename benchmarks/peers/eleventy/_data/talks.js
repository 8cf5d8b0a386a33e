import fs from "node:fs";
import markdown from "markdown-it";

export default function () {
  const md = markdown();
  const names = fs.readdirSync("talks").sort();
  return names.map((name, index) => {
    const source = fs.readFileSync("talks/" + name, "utf8");
    const cut = source.indexOf("\n");
    const text = source.slice(cut + 1);
    return { number: index + 1, title: source.slice(0, cut), text, html: md.render(text) };
  });
}
