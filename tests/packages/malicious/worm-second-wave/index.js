exports.zip = (left, right) => left.map((item, at) => [item, right[at]]);
