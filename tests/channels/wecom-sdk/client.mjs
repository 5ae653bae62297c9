// WeCom's own client, answering each kind of message in its own way; a line of JSON for all that it sees.
import { WSClient } from "@wecom/aibot-node-sdk";

const [wsUrl, botId, secret] = process.argv.slice(2);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const tell = (what, more = {}) => console.log(JSON.stringify({ what, ...more }));

const client = new WSClient({
  botId,
  secret,
  wsUrl,
  heartbeatInterval: 200,
  reconnectInterval: 50,
  maxAuthFailureAttempts: 1,
  logger: silent,
});

const card = (task, title, key) => ({
  card_type: "button_interaction",
  main_title: { title },
  button_list: [{ text: "接单", style: 1, key }],
  task_id: task,
});

function answers(event, answer) {
  client.on(event, async (frame) => {
    try {
      tell(event, { body: frame.body, answer: await answer(frame) });
    } catch (refused) {
      tell(event, { body: frame.body, refused: refused.errcode ?? String(refused) });
    }
  });
}

answers("message.text", async (frame) => {
  await client.replyStream(frame, "stream-1", "正在看", false);
  return client.replyStream(frame, "stream-1", "已受理", true);
});
answers("message.mixed", async (frame) => {
  const { image } = frame.body.mixed.msg_item[1];
  const { buffer } = await client.downloadFile(image.url, image.aeskey);
  await client.replyTemplateCard(frame, card("sdk-1", "收到照片", "acknowledge:1"));
  return buffer.toString("base64");
});
answers("message.voice", (frame) => client.reply(frame, { msgtype: "markdown", markdown: { content: "听到了" } }));
answers("message.image", async (frame) => {
  const uploaded = await client.uploadMedia(Buffer.alloc(600 * 1024, 7), { type: "image", filename: "a.jpg" });
  await client.replyMedia(frame, "image", uploaded.media_id);
  return uploaded.media_id;
});
answers("message.file", (frame) =>
  client.sendMessage(frame.body.from.userid, { msgtype: "markdown", markdown: { content: "文件收到" } }),
);
answers("message.video", (frame) =>
  client.sendMessage("nobody-spoke", { msgtype: "markdown", markdown: { content: "…" } }),
);
answers("event.enter_chat", (frame) => client.replyWelcome(frame, { msgtype: "text", text: { content: "您好" } }));
// Where its types put the task and where the documentation puts it differ; the service keeps to the documentation.
answers("event.template_card_event", (frame) =>
  client.updateTemplateCard(frame, card(frame.body.event.template_card_event.task_id, "已接单", "resolve:1")),
);
client.on("event.disconnected_event", () => tell("displaced"));
client.on("authenticated", () => tell("authenticated"));
client.on("disconnected", () => tell("disconnected"));
client.on("error", (error) => tell("error", { code: error.code ?? error.message }));

client.connect();
