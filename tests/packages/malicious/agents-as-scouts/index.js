exports.affected = (graph, changed) => Object.keys(graph).filter((name) => graph[name].some((used) => changed.includes(used)));
