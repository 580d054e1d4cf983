exports.slugify = (text) => text.toLowerCase().split(/\W+/).join("-");
