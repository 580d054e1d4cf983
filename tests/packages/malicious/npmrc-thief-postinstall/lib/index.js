"use strict";

/** The scopes of a tree, outermost first. */
exports.scopes = function scopes(tree) {
  const out = [];
  (function visit(node, depth) {
    if (node.type === "scope") out.push({ node, depth });
    for (const child of node.children || []) visit(child, depth + 1);
  })(tree, 0);
  return out;
};
