// Pages come from the templates alone; the talks are data, rendered once.
export default function (config) {
  config.ignores.add("talks/**");
  config.setUseGitIgnore(false);
}
