/* 搜索前整理要找的话：汉字与数字、括号之间断开，索引也是这样断的，“15个工作日”“五（五）2”因此找得到。
   主题（9.8.1）切词时看不到一段汉字的最后一个字，所以每段末尾补一个“〇”让它去丢。 */
(function () {
  "use strict";
  const QUERY = 2; // 主题与它的搜索线程约定的消息类别
  const tidy = (text) =>
    text
      .replace(/[(]/g, "（")
      .replace(/[)]/g, "）")
      .replace(/\p{Script=Han}+/gu, " $&〇 ")
      .replace(/\s+/g, " ")
      .trim();

  for (const kind of new Set([window.Worker, window.IFrameWorker])) {
    if (!kind) continue;
    const post = kind.prototype.postMessage;
    kind.prototype.postMessage = function (message, ...rest) {
      const asked = message && message.type === QUERY && typeof message.data === "string";
      return post.call(this, asked ? { ...message, data: tidy(message.data) } : message, ...rest);
    };
  }
})();
