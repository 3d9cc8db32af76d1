'use strict';
// Polls the feeds of the agencies and hands their items to the desk.
const feeds = (process.env.FEEDS || 'dpa,afp,reuters').split(',');

const line = (level, text) => console.log(`[${new Date().toISOString()}] [${level}] feed-poller - ${text}`);

line('INFO', `version 0.44.1, ${feeds.length} feeds`);
if (!process.env.HTTPS_PROXY) line('WARN', 'no proxy is set, asking agencies directly');

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`setting ${name} is required`);
  return value;
}

setTimeout(() => {
  const interval = Number(setting('POLL_SECONDS'));
  const desk = setting('DESK_QUEUE');
  line('INFO', `handing items to ${desk} every ${interval} s`);
  setInterval(() => line('INFO', `${feeds[Math.floor(Math.random() * feeds.length)]}: no new items`), interval * 1000);
}, 800);
