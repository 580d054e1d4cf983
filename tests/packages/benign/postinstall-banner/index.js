module.exports = (list) => [...new Set(list)];
