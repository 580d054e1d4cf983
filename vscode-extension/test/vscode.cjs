// The editor's module is not there outside the editor; what is tested here uses its types only.
module.exports = {};
