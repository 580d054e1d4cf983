exports.cover = () => __dirname + "/assets/cover.png";
