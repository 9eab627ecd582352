-- case dates in every form of ISO 8601
-- query
UNWIND ['2015-07-21', '20150721', '2015-07', '201507', '2015-7-1', '2015-W30-2', '2015W302', '2015-W30', '2015W30', '2015-202', '2015202', '2015', '2015-Q2-60', '2015Q260', '+2015-07-21', '+12015-07-21', '-0044-03-15', '0000-02-29'] AS s RETURN collect(toString(date(s))) AS d
-- rows
d
['2015-07-21', '2015-07-21', '2015-07-01', '2015-07-01', '2015-07-01', '2015-07-21', '2015-07-21', '2015-07-20', '2015-07-20', '2015-07-21', '2015-07-21', '2015-01-01', '2015-05-30', '2015-05-30', '2015-07-21', '+12015-07-21', '-0044-03-15', '0000-02-29']

-- case times, with offsets and zones
-- query
RETURN localtime('214032.142') AS a, time('T21-02') AS b, time('21:40:32,5+0100') AS c, time('2140-00:00') AS d, datetime('2015-07-21') AS e, datetime('2015-W30T2140[Europe/Stockholm]') AS f, localdatetime('2015202t21') AS g, datetime('2015-07-21T21:40+02[Europe/Stockholm]') AS h
-- rows
a | b | c | d | e | f | g | h
21:40:32.142 | 21:00-02:00 | 21:40:32.5+01:00 | 21:40Z | 2015-07-21T00:00Z | 2015-07-20T21:40+02:00[Europe/Stockholm] | 2015-07-21T21:00 | 2015-07-21T21:40+02:00[Europe/Stockholm]

-- case a day that is not there
-- query
RETURN date('2015-02-29')
-- error ArgumentError InvalidArgumentValue

-- case a week that is not there
-- query
RETURN date({year: 2014, week: 53})
-- error ArgumentError InvalidArgumentValue

-- case there is no 24 o'clock
-- query
RETURN localtime('24:00')
-- error ArgumentError InvalidArgumentValue

-- case a year out of range
-- query
RETURN date({year: 1000000000})
-- error ArgumentError InvalidArgumentValue

-- case a moment out of range
-- query
WITH date('+999999999-12-31') AS last RETURN last + duration('P1D')
-- error ArithmeticError NumberOutOfRange

-- case a day needs its month
-- query
RETURN date({year: 2015, day: 3})
-- error ArgumentError InvalidArgumentValue

-- case months and weeks do not mix
-- query
RETURN date({year: 2015, month: 2, week: 3})
-- error ArgumentError InvalidArgumentValue

-- case a misspelt component
-- query
RETURN date({yaer: 2015})
-- error ArgumentError InvalidArgumentValue

-- case a component that a date has not
-- query
WITH date('2015-07-21') AS d RETURN d.hour
-- error ArgumentError InvalidArgumentValue

-- case a component of the wrong type
-- query
RETURN localtime({hour: '12'})
-- error TypeError InvalidArgumentValue

-- case a zone that is not there
-- query
RETURN datetime('2015-07-21T21:40[Europe/Atlantis]')
-- error ArgumentError InvalidArgumentValue

-- case an offset the zone does not have then
-- query
RETURN datetime('2015-07-21T21:40+01:00[Europe/Stockholm]')
-- error ArgumentError InvalidArgumentValue

-- case null in, null out
-- query
OPTIONAL MATCH (n:Nothing) RETURN date(n.x) AS a, date({year: n.x}) AS b, date.truncate('day', n.x) AS c, duration({days: n.x}) AS d, n.x + duration('P1D') AS e, duration.between(n.x, date()) AS f
-- rows
a | b | c | d | e | f
null | null | null | null | null | null

-- case overriding components
-- query
WITH date('2016-02-29') AS leap, date('2015-11-30') AS q RETURN date({date: leap, year: 2015}) AS a, date({date: q, month: 2}) AS b, date({date: q, quarter: 1}) AS c, date({date: q, dayOfWeek: 7}) AS d, date({date: q, dayOfQuarter: 1}) AS e, date({date: q, week: 1}) AS f
-- rows
a | b | c | d | e | f
2015-02-28 | 2015-02-28 | 2015-02-28 | 2015-12-06 | 2015-10-01 | 2014-12-29

-- case weeks at the borders of years
-- query
UNWIND ['2008-12-28', '2008-12-29', '2009-12-31', '2010-01-03', '2010-01-04', '-0001-12-31'] AS s WITH s, date(s) AS d RETURN s, d.weekYear AS y, d.week AS w, d.weekDay AS d
-- rows
s | y | w | d
'2008-12-28' | 2008 | 52 | 7
'2008-12-29' | 2009 | 1 | 1
'2009-12-31' | 2009 | 53 | 4
'2010-01-03' | 2009 | 53 | 7
'2010-01-04' | 2010 | 1 | 1
'-0001-12-31' | -1 | 52 | 5

-- case components of a date-time in a zone
-- query
WITH datetime('1984-11-11T12:31:14.645876123[Europe/Stockholm]') AS d RETURN d.timezone AS z, d.offset AS o, d.offsetMinutes AS m, d.offsetSeconds AS s, d.epochSeconds AS e, d.epochMillis AS ms, d.microsecond AS us, d['quarter'] AS q
-- rows
z | o | m | s | e | ms | us | q
'Europe/Stockholm' | '+01:00' | 60 | 3600 | 469020674 | 469020674645 | 645876 | 4

-- case components of a duration
-- query
WITH duration({years: 1, months: 4, days: 10, hours: 1, minutes: 1, seconds: 1, nanoseconds: 111111111}) AS d RETURN [d.years, d.quarters, d.months, d.weeks, d.days, d.hours, d.minutes, d.seconds, d.milliseconds, d.microseconds, d.nanoseconds] AS a, [d.quartersOfYear, d.monthsOfQuarter, d.monthsOfYear, d.daysOfWeek, d.minutesOfHour, d.secondsOfMinute, d.millisecondsOfSecond, d.microsecondsOfSecond, d.nanosecondsOfSecond] AS b
-- rows
a | b
[1, 5, 16, 1, 10, 1, 61, 3661, 3661111, 3661111111, 3661111111111] | [1, 1, 4, 3, 1, 1, 111, 111111, 111111111]

-- case nanoseconds that do not fit
-- query
WITH duration({days: 0, hours: 3000000000}) AS d RETURN d.nanoseconds
-- error ArithmeticError NumberOutOfRange

-- case durations carry fractions down
-- query
UNWIND ['P0.5M', 'P0.5Y', 'P1.5W', 'P-0.5D', 'PT0.5H', 'PT-0.5S', 'P1DT-1S', 'PT-1M-0.001S', 'P1Y-1M', '-P1DT2S', 'P2012-02-02T14:37:21.545', 'P20120202', 'PT0.0000000019S', 'P0D'] AS s WITH duration(s) AS d RETURN collect(toString(d)) AS t, all(d IN collect(d) WHERE duration(toString(d)) = d) AS same
-- rows
t | same
['P15DT5H14M33S', 'P6M', 'P10DT12H', 'PT-12H', 'PT30M', 'PT-0.5S', 'P1DT-1S', 'PT-1M-0.001S', 'P11M', 'P-1DT-2S', 'P2012Y2M2DT14H37M21.545S', 'P2012Y2M2D', 'PT0.000000001S', 'PT0S'] | true

-- case durations of maps
-- query
RETURN duration({months: 0.1}) AS a, duration({months: 0.5, days: -14.5}) AS b, duration({seconds: 0.1}) AS c, duration({days: 1, milliseconds: -1}) AS d, duration({quarters: 1, weeks: 1}) AS e, duration({milliseconds: 9223372036854775807}) AS f
-- rows
a | b | c | d | e | f
P3DT1H2M54.6S | PT17H14M33S | PT0.1S | P1DT-0.001S | P3M7D | PT2562047788015H12M55.807S

-- case a duration that does not fit
-- query
RETURN duration({years: 9223372036854775807})
-- error ArithmeticError NumberOutOfRange

-- case durations times and divided by numbers
-- query
WITH duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70, nanoseconds: 1}) AS d RETURN d * 2 AS a, d * 0.5 AS b, d / 2 AS c, d / 0.5 AS e, 2 * d = d + d AS f, duration('P1M') / 3 AS g, duration('P1D') / 7 AS h, -duration('P1DT-1S') AS i
-- rows
a | b | c | e | f | g | h | i
P24Y10M28DT32H26M20.000000002S | P6Y2M22DT13H21M8S | P6Y2M22DT13H21M8S | P24Y10M28DT32H26M20.000000002S | true | P10DT3H29M42S | PT3H25M42.857142857S | P-1DT1S

-- case a duration divided by zero
-- query
WITH 0 AS zero RETURN duration('P1D') / zero
-- error ArithmeticError DivisionByZero

-- case a duration times too much
-- query
WITH 9223372036854775807 AS many RETURN duration('P2D') * many
-- error ArithmeticError NumberOutOfRange

-- case dates plus durations
-- query
RETURN date('2016-02-29') + duration('P1Y') AS a, date('2015-01-31') + duration('P1M') AS b, date('2015-01-31') - duration('P1M1D') AS c, duration('P1D') + date('2015-01-31') AS d, date('2015-01-31') + duration('PT-25H') AS e, localtime('23:00') + duration('P1DT2H') AS f, time('01:00+05:00') - duration('PT2H') AS g, localdatetime('2015-12-31T23:59:59.999999999') + duration('PT0.000000001S') AS h
-- rows
a | b | c | d | e | f | g | h
2017-02-28 | 2015-02-28 | 2014-12-30 | 2015-02-01 | 2015-01-30 | 01:00 | 23:00+05:00 | 2016-01-01T00:00

-- case dates do not add
-- query
WITH date('2015-01-31') AS d RETURN d + d
-- error TypeError InvalidArgumentType

-- case days are of the calendar and hours pass
-- query
WITH datetime('2017-03-25T02:30[Europe/Stockholm]') AS spring, datetime('2017-10-28T02:30[Europe/Stockholm]') AS fall RETURN spring + duration('P1D') AS a, spring + duration('PT24H') AS b, fall + duration('P1D') AS c, fall + duration('P1D') + duration('PT1H') AS d, fall + duration('PT24H') AS e, fall + duration('PT26H') AS f
-- rows
a | b | c | d | e | f
2017-03-26T03:30+02:00[Europe/Stockholm] | 2017-03-26T03:30+02:00[Europe/Stockholm] | 2017-10-29T02:30+02:00[Europe/Stockholm] | 2017-10-29T02:30+01:00[Europe/Stockholm] | 2017-10-29T02:30+02:00[Europe/Stockholm] | 2017-10-29T03:30+01:00[Europe/Stockholm]

-- case the same instant in other zones
-- query
WITH datetime('2017-10-29T02:30+01:00[Europe/Stockholm]') AS d RETURN datetime({datetime: d, timezone: 'America/New_York'}) AS a, datetime({datetime: d, timezone: '+05:30'}) AS b, datetime({datetime: localdatetime(d), timezone: 'Asia/Tokyo'}) AS c, datetime({datetime: d, hour: 3}) AS e, time(d) AS f, date(d) AS g
-- rows
a | b | c | e | f | g
2017-10-28T21:30-04:00[America/New_York] | 2017-10-29T07:00+05:30 | 2017-10-29T02:30+09:00[Asia/Tokyo] | 2017-10-29T03:30+01:00[Europe/Stockholm] | 02:30+01:00 | 2017-10-29

-- case a zone before it had one, and long after
-- query
RETURN datetime('1818-07-21T21:40:32[Europe/Stockholm]') AS a, datetime('-0044-03-15T12:00[Europe/Rome]') AS b, datetime('+999999999-07-01T12:00[Europe/Berlin]') AS c, datetime('2011-12-30T12:00[Pacific/Apia]') AS d
-- rows
a | b | c | d
1818-07-21T21:40:32+00:53:28[Europe/Stockholm] | -0044-03-15T12:00+00:49:56[Europe/Rome] | +999999999-07-01T12:00+02:00[Europe/Berlin] | 2011-12-31T12:00+14:00[Pacific/Apia]

-- case from the epoch
-- query
RETURN datetime.fromepoch(0, -1) AS a, datetime.fromepochmillis(-1) AS b, datetime({epochMillis: 5, nanosecond: 7}) AS c, datetime({epochSeconds: 1, timezone: 'Asia/Tokyo'}) AS d
-- rows
a | b | c | d
1969-12-31T23:59:59.999999999Z | 1969-12-31T23:59:59.999Z | 1970-01-01T00:00:00.005000007Z | 1970-01-01T09:00:01+09:00[Asia/Tokyo]

-- case truncation
-- query
WITH datetime('2017-10-29T02:30:40.123456789+01:00[Europe/Stockholm]') AS d RETURN datetime.truncate('hour', d) AS a, datetime.truncate('day', d) AS b, datetime.truncate('millisecond', d, {nanosecond: 7}) AS c, date.truncate('decade', date('-0005-06-01')) AS e, date.truncate('weekYear', date('2010-01-03'), {dayOfWeek: 3}) AS f, time.truncate('minute', d, {timezone: '+07:00'}) AS g, localdatetime.truncate('century', d, {month: 2, hour: 1}) AS h
-- rows
a | b | c | e | f | g | h
2017-10-29T02:00+01:00[Europe/Stockholm] | 2017-10-29T00:00+02:00[Europe/Stockholm] | 2017-10-29T02:30:40.123000007+01:00[Europe/Stockholm] | -0010-01-01 | 2008-12-31 | 02:30+07:00 | 2000-02-01T01:00

-- case a date has no hour to be cut to
-- query
RETURN date.truncate('hour', date('2020-01-01'))
-- error ArgumentError InvalidArgumentValue

-- case what lies between
-- query
RETURN duration.between(date('2018-01-31'), date('2018-03-01')) AS a, duration.between(date('2018-03-11'), date('2016-06-24')) AS b, duration.inDays(date('1984-10-11'), date('2015-06-24')) AS c, duration.inMonths(date('2018-03-31'), date('2018-04-30')) AS d, duration.between(date('-999999999-01-01'), date('+999999999-12-31')) AS e, duration.inSeconds(time('00:30+01:00'), time('00:00Z')) AS f
-- rows
a | b | c | d | e | f
P1M1D | P-1Y-8M-17D | P11213D | PT0S | P1999999998Y11M30D | PT30M

-- case kinds do not compare
-- query
RETURN date('2020-01-01') < localdatetime('2021-01-01T00:00') AS a, localtime('12:00') < time('12:00Z') AS b, time('12:00Z') = localtime('12:00') AS c, duration('P1D') < duration('P2D') AS d, duration('P1D') = duration('PT24H') AS e, date('2020-01-01') IN [null, date('2020-01-01')] AS f
-- rows
a | b | c | d | e | f
null | null | false | null | false | true

-- case times compare by the instant, then by the offset
-- query in order
UNWIND [time('10:00+01:00'), time('09:00Z'), time('09:30+00:30'), time('08:59Z')] AS t RETURN t, t < time('09:00Z') AS before, t = time('09:00Z') AS same ORDER BY t
-- rows
t | before | same
08:59Z | true | false
09:00Z | false | true
09:30+00:30 | false | false
10:00+01:00 | false | false

-- case the order of all kinds
-- query in order
UNWIND [1, 'a', duration('P1D'), localtime('12:00'), time('12:00Z'), date('2020-01-01'), localdatetime('2020-01-01T00:00'), datetime('2020-01-01'), true, null] AS x RETURN x ORDER BY x
-- rows
x
2020-01-01T00:00Z
2020-01-01T00:00
2020-01-01
12:00Z
12:00
P1D
'a'
true
1
null

-- case durations in aggregates
-- query
UNWIND [duration('P1M'), duration('P30D'), duration('P31D'), duration('PT730H')] AS d RETURN min(d) AS min, max(d) AS max, sum(d) AS sum, avg(d) AS avg
-- rows
min | max | sum | avg
P30D | P31D | P1M61DT730H | P22DT203H7M16.5S

-- case numbers and durations do not add up
-- query
UNWIND [1, duration('P1M')] AS d RETURN sum(d)
-- error TypeError InvalidArgumentType

-- case grouping
-- query in order
UNWIND ['2015-07-21T00:00Z', '2015-07-21', '2015-07-21T02:00+02:00', '20150721'] AS s RETURN datetime(s) AS d, count(*) AS n ORDER BY d
-- rows
d | n
2015-07-21T00:00Z | 3
2015-07-21T02:00+02:00 | 1

-- case properties of every kind
-- setup
CREATE (:T {d: date('-0044-03-15'), lt: localtime('23:59:59.999999999'), t: time('00:00+18:00'), ldt: localdatetime('+999999999-12-31T23:59:59.999999999'), dt: datetime('2017-10-29T02:30+01:00[Europe/Stockholm]'), dur: duration('P1Y2M3DT-0.5S'), l: [duration('P1D'), duration('PT1S')]})-[:R {at: datetime('2015-07-21T21:40:32.142-04:00')}]->(:T {d: date('2020-01-01')});
-- query
MATCH (a:T)-[r:R]->(b) RETURN a.d AS d, a.lt AS lt, a.t AS t, a.ldt AS ldt, a.dt AS dt, a.dur AS dur, a.l AS l, r.at AS at, b.d.year AS y
-- rows
d | lt | t | ldt | dt | dur | l | at | y
-0044-03-15 | 23:59:59.999999999 | 00:00+18:00 | +999999999-12-31T23:59:59.999999999 | 2017-10-29T02:30+01:00[Europe/Stockholm] | P1Y2M3DT-0.5S | [P1D, PT1S] | 2015-07-21T21:40:32.142-04:00 | 2020

-- case finding by a date
-- setup
CREATE INDEX days FOR (n:Day) ON (n.date);
UNWIND range(0, 99) AS i CREATE (:Day {date: date('2020-01-01') + duration({days: i})});
-- query in order
MATCH (d:Day) WHERE d.date >= date('2020-02-28') AND d.date < date('2020-03-02') RETURN d.date AS date ORDER BY date DESC
-- rows
date
2020-03-01
2020-02-29
2020-02-28

-- case merging on a date-time
-- query
UNWIND ['2020-01-01T00:00Z', '2020-01-01', '2020-01-01T01:00+01:00'] AS s MERGE (n:At {at: datetime(s)}) WITH DISTINCT n RETURN count(n) AS n
-- rows
n
2

-- case text of temporal values
-- query
RETURN 'on ' + date('2020-01-01') AS a, toString(duration('P1D')) + '!' AS b, [date('2020-01-01')] + date('2020-01-02') AS c
-- rows
a | b | c
'on 2020-01-01' | 'P1D!' | [2020-01-01, 2020-01-02]

-- case one clock for a statement
-- query
UNWIND range(1, 3) AS i WITH datetime() AS d RETURN count(DISTINCT d) AS n, max(d.timezone) AS z, max(datetime.statement('Europe/Stockholm').timezone) AS s
-- rows
n | z | s
1 | 'Z' | 'Europe/Stockholm'
