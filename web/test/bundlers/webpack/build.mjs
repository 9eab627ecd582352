import webpack from "webpack";
import config from "./webpack.config.js";

webpack(config, (error, stats) => {
  if (!error && !stats.hasErrors()) return;
  console.error(String(error ?? stats));
  process.exitCode = 1;
});
