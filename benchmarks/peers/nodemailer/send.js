// `node send.js PORT COUNT LETTER OUT compose|raw`: a pool of 10 connections, 20 messages in flight.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import nodemailer from 'nodemailer'

const [port, count, letter, out, how] = process.argv.slice(2)
const read = (name) => readFileSync(join(letter, name), 'utf8')
const [subject, html, text] = ['subject.txt', 'issue.html', 'issue.txt'].map(read)
const raw = readFileSync(join(letter, 'message.eml'))
const from = 'Recaps <news@recaps.example.org>'
const envelopeFrom = 'bounces@recaps.example.org'

const composed = (n) => {
  const to = `reader${String(n).padStart(7, '0')}@example.net`
  if (how === 'raw') return { envelope: { from: envelopeFrom, to }, raw }
  const link = `https://recaps.example.org/unsubscribe/${String(n).padStart(32, '0')}`
  return {
    envelope: { from: envelopeFrom, to },
    from,
    to,
    subject,
    messageId: `<${String(n).padStart(32, '0')}@recaps.example.org>`,
    headers: { 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    text: text.replace('@@LINK@@', link),
    html: html.replace('@@LINK@@', link),
    textEncoding: 'base64',
    encoding: 'base64',
  }
}

const transport = nodemailer.createTransport({
  host: '127.0.0.1',
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  pool: true,
  maxConnections: 10,
  maxMessages: Infinity,
})

let next = 1
const worker = async () => {
  while (next <= Number(count)) await transport.sendMail(composed(next++))
}

const start = process.hrtime.bigint()
const before = process.cpuUsage()
await Promise.all(Array.from({ length: 20 }, worker))
const used = process.cpuUsage(before)
const wall = Number(process.hrtime.bigint() - start) / 1e9
transport.close()
writeFileSync(out, JSON.stringify({ wall, cpu: (used.user + used.system) / 1e6 }))
