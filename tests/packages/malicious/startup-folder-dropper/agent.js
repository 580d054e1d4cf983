console.log("inert");
