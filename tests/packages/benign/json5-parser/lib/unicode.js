// Generated from the Unicode tables: spaces, starts and parts of identifiers.
module.exports.Space_Separator = /[\u1680\u2000-\u200A\u202F\u205F\u3000\uFEFF]/;
module.exports.ID_Start = /[\xAA\xB5\xBA\xC0-\xD6\xD8-\xF6\u02C1\u0370-\u0374\u0386\u0400-\u0481\u05D0-\u05EA]|\uD800[\uDC00-\uDC0B\uDC0D-\uDC26]|\uD801[\uDC00-\uDC9D]/;
module.exports.ID_Continue = /[\u0300-\u036F\u200C\u200D\u2028\u2029\u202A-\u202E\uFE00-\uFE0F]|\uDB40[\uDD00-\uDDEF]/;
