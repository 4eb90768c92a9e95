"""The rules of `rules.py` as Lua, so that several processes ask and count in one atomic step.

Times are microseconds of Redis's own clock: the processes' clocks need not agree. They are written with %.0f, since
Lua would print 1.7e+15.
"""

PREAMBLE = """
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])
local function number(key) return tonumber(redis.call('GET', key) or '0') end
local function text(moment) return string.format('%.0f', moment) end
local function keep(key, moment, longer)
  redis.call('SET', key, text(moment), 'PX', math.max(1, math.ceil((moment + (longer or 0) - now) / 1000)))
end
local function lengthen(key, microseconds)
  if now + microseconds > number(key) then keep(key, now + microseconds) end
end
"""

# KEYS: all, pace, chat, on their way to the chat, pause of all, pause of the chat, waiting
# ARGV: process, passage, priority, since, weight, kind of chat, messages, span, group messages, group span,
#       slack of the spacing, spacing used up, spacing, burst, slot, grace, away
# Returns 'pass' with what it changed, or 'chat' / 'all' with the microseconds to wait and since when this one waits.
# A window is a sorted set of messages, each with the moment of its answer. One on its way stands `away` ahead, so that
# the place of a process that died comes free again; a process that lives puts it ahead again in time (HOLD).
PASS = (
    PREAMBLE
    + """
local all, pace, chat, way, pause_all, pause_chat, waiting = unpack(KEYS)
local process, passage, priority, since, weight, kind = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]),
  tonumber(ARGV[5]), ARGV[6]
local messages, span, group_messages, group_span, slack, spacing, one, burst, slot, grace, away = tonumber(ARGV[7]),
  tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13]),
  tonumber(ARGV[14]), tonumber(ARGV[15]), tonumber(ARGV[16]), tonumber(ARGV[17])
if since == 0 then since = now end

local function window_free_at(window, limit, length)
  redis.call('ZREMRANGEBYSCORE', window, '-inf', text(now - length))
  local surplus = redis.call('ZCARD', window) + math.min(weight, limit) - limit
  if surplus <= 0 then return now end
  local answered = tonumber(redis.call('ZRANGE', window, surplus - 1, surplus - 1, 'WITHSCORES')[2])
  -- One on its way may be answered at any moment, in another process too: look again soon.
  if answered > now then return now + slot end
  return answered + length
end
local function add(window, limit, length)
  for place = 1, math.min(weight, limit) do
    redis.call('ZADD', window, text(now + away), passage .. ':' .. place)
  end
  redis.call('PEXPIRE', window, math.ceil((away + length) / 1000))
end

local free_at = math.max(now, number(pause_chat))
if kind == 'group' then free_at = math.max(free_at, window_free_at(chat, group_messages, group_span)) end
if kind == 'private' then
  free_at = math.max(free_at, number(chat) - slack)
  redis.call('ZREMRANGEBYSCORE', way, '-inf', text(now))
  local most = 1
  if priority == 0 then most = burst end
  local under_way = redis.call('ZCARD', way)
  if under_way > 0 and under_way + math.min(weight, most) > most then free_at = math.max(free_at, now + one) end
end
if free_at > now then
  redis.call('HDEL', waiting, process)
  return {'chat', text(free_at - now), text(since)}
end

free_at = math.max(now, number(pause_all), window_free_at(all, messages, span))
local paced_until = number(pace)
if priority > 0 then free_at = math.max(free_at, paced_until) end
if free_at == now then
  -- Somebody better, or of the same priority and here before, waits in another process: its turn.
  local marks = redis.call('HGETALL', waiting)
  for i = 1, #marks, 2 do
    local its_priority, its_since, valid_until = string.match(marks[i + 1], '^(%d+):(%d+):(%d+)$')
    its_priority, its_since = tonumber(its_priority), tonumber(its_since)
    if tonumber(valid_until) <= now then
      redis.call('HDEL', waiting, marks[i])
    elseif marks[i] ~= process
        and (its_priority < priority or (its_priority == priority and its_since < since)) then
      free_at = now + slot
    end
  end
end
if free_at > now then
  -- The mark dies with its process soon after the moment for which it waits.
  local mark = tostring(priority) .. ':' .. text(since) .. ':' .. text(free_at + grace)
  redis.call('HSET', waiting, process, mark)
  redis.call('PEXPIRE', waiting, math.max(redis.call('PTTL', waiting), math.ceil((free_at + grace - now) / 1000)))
  return {'all', text(free_at - now), text(since)}
end

redis.call('HDEL', waiting, process)
add(all, messages, span)
local start = now
if now - paced_until < slot then start = paced_until end
local pace_after = start + slot * weight
-- Kept for a slot longer: a message that is less than a slot late still goes by it.
keep(pace, pace_after, slot)
local chat_before, chat_after = 0, 0
if kind == 'group' then add(chat, group_messages, group_span) end
if kind == 'private' then
  chat_before = number(chat)
  chat_after = math.max(chat_before, now) + spacing
  keep(chat, chat_after)
  add(way, burst, 0)
end
return {'pass', passage, text(now), text(paced_until), text(pace_after), text(chat_before), text(chat_after)}
"""
)

# KEYS: all, chat, on their way to the chat
# ARGV: passage, kind of chat, weight, messages, span, group messages, group span, burst, away
# Its call is still under way, in a process that lives. Said of a message that Redis had lost, it counts again.
HOLD = (
    PREAMBLE
    + """
local all, chat, way = unpack(KEYS)
local passage, kind, weight = ARGV[1], ARGV[2], tonumber(ARGV[3])
local messages, span, group_messages, group_span, burst, away = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]),
  tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local function hold(window, limit, length)
  for place = 1, math.min(weight, limit) do
    redis.call('ZADD', window, text(now + away), passage .. ':' .. place)
  end
  redis.call('PEXPIRE', window, math.ceil((away + length) / 1000))
end
hold(all, messages, span)
if kind == 'group' then hold(chat, group_messages, group_span) end
if kind == 'private' then hold(way, burst, 0) end
return 1
"""
)

# KEYS: all, pace, chat, on their way to the chat. ARGV: kind of chat, weight, and what PASS returned after 'pass'
GIVE_BACK = (
    PREAMBLE
    + """
local all, pace, chat, way = unpack(KEYS)
local kind, weight, passage, _, pace_before, pace_after, chat_before, chat_after = unpack(ARGV)
for place = 1, tonumber(weight) do
  redis.call('ZREM', all, passage .. ':' .. place)
  redis.call('ZREM', way, passage .. ':' .. place)
  if kind == 'group' then redis.call('ZREM', chat, passage .. ':' .. place) end
end
if redis.call('GET', pace) == pace_after then keep(pace, tonumber(pace_before), 1000000) end
if kind == 'private' and redis.call('GET', chat) == chat_after then keep(chat, tonumber(chat_before)) end
return 1
"""
)

# KEYS: all, pace, chat, on their way to the chat
# ARGV: kind of chat, weight, the spacing that a burst uses up; what PASS returned after 'pass'
ANSWERED = (
    PREAMBLE
    + """
local all, _, chat, way = unpack(KEYS)
local kind, weight, burst, passage, left, _, _, _, chat_after = unpack(ARGV)
for place = 1, tonumber(weight) do
  redis.call('ZADD', all, 'XX', text(now), passage .. ':' .. place)
  redis.call('ZREM', way, passage .. ':' .. place)
  if kind == 'group' then redis.call('ZADD', chat, 'XX', text(now), passage .. ':' .. place) end
end
if kind == 'private' then
  local spaced_until = math.max(number(chat), tonumber(chat_after))
  local late = math.min(spaced_until + now - tonumber(left), now + tonumber(burst))
  keep(chat, math.max(spaced_until, late))
end
return 1
"""
)

# KEYS: the pause to lengthen. ARGV: microseconds
PAUSE = (
    PREAMBLE
    + """
lengthen(KEYS[1], tonumber(ARGV[1]))
return 1
"""
)

# KEYS: pause of all, pause of the chat, the chat last refused. ARGV: microseconds, chat
REFUSED = (
    PREAMBLE
    + """
local pause_all, pause_chat, last_refused = unpack(KEYS)
local wait, chat = tonumber(ARGV[1]), ARGV[2]
local other = redis.call('GET', last_refused)
if chat == '' or (other and other ~= chat) then lengthen(pause_all, wait) end
if chat ~= '' then
  lengthen(pause_chat, wait)
  if wait >= redis.call('PTTL', last_refused) * 1000 then
    redis.call('SET', last_refused, chat, 'PX', math.max(1, math.ceil(wait / 1000)))
  end
end
return 1
"""
)
