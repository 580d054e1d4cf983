exports.once = (call) => {
  let done = false;
  return (...values) => (done ? undefined : ((done = true), call(...values)));
};
