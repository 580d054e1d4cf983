/** Works until there is no more. */
export async function work(queue) {
  while (true) {
    const job = await queue.take();
    if (job === undefined) return;
    await job();
  }
}
