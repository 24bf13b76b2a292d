/* 搜索前整理要找的话：汉字与数字、括号之间断开，索引也是这样断的，“五（五）2”因此找得到；
   “15个工作日”当作“十五个工作日”，每一页的“其他说法”里有这样的写法。
   问句里的虚词去掉，“几个人”当作“人数”：人怎样问，不必和条文怎样写一样。
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
  const UNIT = /(?<![\d.])(\d{1,3}) ?(个?工作日|个月|学时|课时|人|名|年|天|日|次|分钟|分|项|倍|场|小时)/g; // 与 words.py 的单位相同
  const ASKED = [
    [/(成绩|结果)?公示(几|多少)个?(天|日|工作日)/g, " 公示期 "],
    [/成绩公示/g, "结果公示"],
    [/谁来?(评审|评)/g, " 评委 "],
    [/(几|多少)(个人|人|名)/g, " 人数 "],
    [/(几|多少)个?(天|日|工作日)/g, " 工作日 "],
    [/(几|多少)个?(月|年)|多久|多长时间/g, " 期限 "],
    [/能?(报考|报|考)?到?几级/g, " 最高等级 "],
    [/占?多少|几成|多大比例/g, " 比例 "],
    [/奇数/g, "单数"],
    [/什么时候|哪一?天|什么|哪些|哪个|怎么办?|怎样|如何|是不是|要不要|能不能|可不可以|需不需要|谁来?|现在|还能?|吗|呢|[？?！!。，、；：]/g, " "],
  ];
  const tidy = (text) =>
    ASKED.reduce((asked, [said, meant]) => asked.replace(said, meant), text)
      .replace(UNIT, (_, digits, unit) => words(Number(digits)) + unit)
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
