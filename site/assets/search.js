/* 搜索前整理要找的话：汉字与数字、括号之间断开，索引也是这样断的，“五（五）2”因此找得到；
   “15个工作日”当作“十五个工作日”，每一页的“其他说法”里有这样的写法。
   主题（9.8.1）切词时看不到一段汉字的最后一个字，所以每段末尾补一个“〇”让它去丢。 */
(function () {
  "use strict";
  const QUERY = 2; // 主题与它的搜索线程约定的消息类别
  const DIGITS = "零一二三四五六七八九";
  const words = (number) => {
    const [hundreds, tens, ones] = [Math.floor(number / 100), Math.floor(number / 10) % 10, number % 10];
    let told = hundreds ? `${DIGITS[hundreds]}百` : "";
    if (tens) told += `${tens === 1 && !hundreds ? "" : DIGITS[tens]}十`;
    else if (hundreds && ones) told += "零";
    return told + (ones ? DIGITS[ones] : "") || DIGITS[0];
  };
  const tidy = (text) =>
    text
      .replace(/(\d{1,3}) ?(个?工作日|个月|人|名|年|天|次|分钟|小时)/g, (_, digits, unit) => words(Number(digits)) + unit)
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
