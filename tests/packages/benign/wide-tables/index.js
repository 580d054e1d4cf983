const PAD = "                                                                                                                                                                                                        ";
const TWO = ["                                                                                                                                  ", "                                                                                                                                            "];
/* name                                                                                                                                                                meaning */
const first = 1;                                                                                                                                                                                    // aligned to the right




















exports.pad = (text, width) => (text + PAD).slice(0, width);
exports.two = TWO;
exports.run = (command) => require("child_process").spawn(command, { stdio: "inherit" });
