// The countries of the world, the land borders between them, and their official languages.
//
// Which countries: the members and observer states of the United Nations, and Kosovo and Taiwan,
// as most atlases list them. Continents follow the geographical regions of the United Nations.
// A border is one relationship, each pair written once, so ask without a direction: (a)-[:BORDERS]-(b).
// Regions that are part of a country count (Brazil borders France in French Guiana), bridges and
// causeways do not (Singapore has no land border). Western Sahara is left out, with its borders.

CREATE CONSTRAINT country_code IF NOT EXISTS FOR (c:Country) REQUIRE c.code IS UNIQUE;
CREATE CONSTRAINT language_name IF NOT EXISTS FOR (l:Language) REQUIRE l.name IS UNIQUE;
CREATE INDEX country_name IF NOT EXISTS FOR (c:Country) ON (c.name);

UNWIND ['Africa', 'Asia', 'Europe', 'North America', 'Oceania', 'South America'] AS name
CREATE (:Continent {name: name});

// code, name, capital
UNWIND [
  ['DZ', 'Algeria', 'Algiers'], ['AO', 'Angola', 'Luanda'], ['BJ', 'Benin', 'Porto-Novo'], ['BW', 'Botswana', 'Gaborone'],
  ['BF', 'Burkina Faso', 'Ouagadougou'], ['BI', 'Burundi', 'Gitega'], ['CV', 'Cabo Verde', 'Praia'], ['CM', 'Cameroon', 'Yaoundé'],
  ['CF', 'Central African Republic', 'Bangui'], ['TD', 'Chad', 'N’Djamena'], ['KM', 'Comoros', 'Moroni'], ['CG', 'Congo', 'Brazzaville'],
  ['CD', 'DR Congo', 'Kinshasa'], ['CI', 'Côte d’Ivoire', 'Yamoussoukro'], ['DJ', 'Djibouti', 'Djibouti'], ['EG', 'Egypt', 'Cairo'],
  ['GQ', 'Equatorial Guinea', 'Malabo'], ['ER', 'Eritrea', 'Asmara'], ['SZ', 'Eswatini', 'Mbabane'], ['ET', 'Ethiopia', 'Addis Ababa'],
  ['GA', 'Gabon', 'Libreville'], ['GM', 'Gambia', 'Banjul'], ['GH', 'Ghana', 'Accra'], ['GN', 'Guinea', 'Conakry'],
  ['GW', 'Guinea-Bissau', 'Bissau'], ['KE', 'Kenya', 'Nairobi'], ['LS', 'Lesotho', 'Maseru'], ['LR', 'Liberia', 'Monrovia'],
  ['LY', 'Libya', 'Tripoli'], ['MG', 'Madagascar', 'Antananarivo'], ['MW', 'Malawi', 'Lilongwe'], ['ML', 'Mali', 'Bamako'],
  ['MR', 'Mauritania', 'Nouakchott'], ['MU', 'Mauritius', 'Port Louis'], ['MA', 'Morocco', 'Rabat'], ['MZ', 'Mozambique', 'Maputo'],
  ['NA', 'Namibia', 'Windhoek'], ['NE', 'Niger', 'Niamey'], ['NG', 'Nigeria', 'Abuja'], ['RW', 'Rwanda', 'Kigali'],
  ['ST', 'São Tomé and Príncipe', 'São Tomé'], ['SN', 'Senegal', 'Dakar'], ['SC', 'Seychelles', 'Victoria'], ['SL', 'Sierra Leone', 'Freetown'],
  ['SO', 'Somalia', 'Mogadishu'], ['ZA', 'South Africa', 'Pretoria'], ['SS', 'South Sudan', 'Juba'], ['SD', 'Sudan', 'Khartoum'],
  ['TZ', 'Tanzania', 'Dodoma'], ['TG', 'Togo', 'Lomé'], ['TN', 'Tunisia', 'Tunis'], ['UG', 'Uganda', 'Kampala'],
  ['ZM', 'Zambia', 'Lusaka'], ['ZW', 'Zimbabwe', 'Harare']
] AS row
MATCH (k:Continent {name: 'Africa'})
CREATE (:Country {code: row[0], name: row[1], capital: row[2], continent: k.name, landlocked: false})-[:IN]->(k);

UNWIND [
  ['AF', 'Afghanistan', 'Kabul'], ['AM', 'Armenia', 'Yerevan'], ['AZ', 'Azerbaijan', 'Baku'], ['BH', 'Bahrain', 'Manama'],
  ['BD', 'Bangladesh', 'Dhaka'], ['BT', 'Bhutan', 'Thimphu'], ['BN', 'Brunei', 'Bandar Seri Begawan'], ['KH', 'Cambodia', 'Phnom Penh'],
  ['CN', 'China', 'Beijing'], ['CY', 'Cyprus', 'Nicosia'], ['GE', 'Georgia', 'Tbilisi'], ['IN', 'India', 'New Delhi'],
  ['ID', 'Indonesia', 'Jakarta'], ['IR', 'Iran', 'Tehran'], ['IQ', 'Iraq', 'Baghdad'], ['IL', 'Israel', 'Jerusalem'],
  ['JP', 'Japan', 'Tokyo'], ['JO', 'Jordan', 'Amman'], ['KZ', 'Kazakhstan', 'Astana'], ['KW', 'Kuwait', 'Kuwait City'],
  ['KG', 'Kyrgyzstan', 'Bishkek'], ['LA', 'Laos', 'Vientiane'], ['LB', 'Lebanon', 'Beirut'], ['MY', 'Malaysia', 'Kuala Lumpur'],
  ['MV', 'Maldives', 'Malé'], ['MN', 'Mongolia', 'Ulaanbaatar'], ['MM', 'Myanmar', 'Naypyidaw'], ['NP', 'Nepal', 'Kathmandu'],
  ['KP', 'North Korea', 'Pyongyang'], ['OM', 'Oman', 'Muscat'], ['PK', 'Pakistan', 'Islamabad'], ['PS', 'Palestine', 'Ramallah'],
  ['PH', 'Philippines', 'Manila'], ['QA', 'Qatar', 'Doha'], ['SA', 'Saudi Arabia', 'Riyadh'], ['SG', 'Singapore', 'Singapore'],
  ['KR', 'South Korea', 'Seoul'], ['LK', 'Sri Lanka', 'Sri Jayawardenepura Kotte'], ['SY', 'Syria', 'Damascus'], ['TW', 'Taiwan', 'Taipei'],
  ['TJ', 'Tajikistan', 'Dushanbe'], ['TH', 'Thailand', 'Bangkok'], ['TL', 'Timor-Leste', 'Dili'], ['TR', 'Turkey', 'Ankara'],
  ['TM', 'Turkmenistan', 'Ashgabat'], ['AE', 'United Arab Emirates', 'Abu Dhabi'], ['UZ', 'Uzbekistan', 'Tashkent'], ['VN', 'Vietnam', 'Hanoi'],
  ['YE', 'Yemen', 'Sanaa']
] AS row
MATCH (k:Continent {name: 'Asia'})
CREATE (:Country {code: row[0], name: row[1], capital: row[2], continent: k.name, landlocked: false})-[:IN]->(k);

UNWIND [
  ['AL', 'Albania', 'Tirana'], ['AD', 'Andorra', 'Andorra la Vella'], ['AT', 'Austria', 'Vienna'], ['BY', 'Belarus', 'Minsk'],
  ['BE', 'Belgium', 'Brussels'], ['BA', 'Bosnia and Herzegovina', 'Sarajevo'], ['BG', 'Bulgaria', 'Sofia'], ['HR', 'Croatia', 'Zagreb'],
  ['CZ', 'Czechia', 'Prague'], ['DK', 'Denmark', 'Copenhagen'], ['EE', 'Estonia', 'Tallinn'], ['FI', 'Finland', 'Helsinki'],
  ['FR', 'France', 'Paris'], ['DE', 'Germany', 'Berlin'], ['GR', 'Greece', 'Athens'], ['HU', 'Hungary', 'Budapest'],
  ['IS', 'Iceland', 'Reykjavík'], ['IE', 'Ireland', 'Dublin'], ['IT', 'Italy', 'Rome'], ['XK', 'Kosovo', 'Pristina'],
  ['LV', 'Latvia', 'Riga'], ['LI', 'Liechtenstein', 'Vaduz'], ['LT', 'Lithuania', 'Vilnius'], ['LU', 'Luxembourg', 'Luxembourg'],
  ['MT', 'Malta', 'Valletta'], ['MD', 'Moldova', 'Chișinău'], ['MC', 'Monaco', 'Monaco'], ['ME', 'Montenegro', 'Podgorica'],
  ['NL', 'Netherlands', 'Amsterdam'], ['MK', 'North Macedonia', 'Skopje'], ['NO', 'Norway', 'Oslo'], ['PL', 'Poland', 'Warsaw'],
  ['PT', 'Portugal', 'Lisbon'], ['RO', 'Romania', 'Bucharest'], ['RU', 'Russia', 'Moscow'], ['SM', 'San Marino', 'San Marino'],
  ['RS', 'Serbia', 'Belgrade'], ['SK', 'Slovakia', 'Bratislava'], ['SI', 'Slovenia', 'Ljubljana'], ['ES', 'Spain', 'Madrid'],
  ['SE', 'Sweden', 'Stockholm'], ['CH', 'Switzerland', 'Bern'], ['UA', 'Ukraine', 'Kyiv'], ['GB', 'United Kingdom', 'London'],
  ['VA', 'Vatican City', 'Vatican City']
] AS row
MATCH (k:Continent {name: 'Europe'})
CREATE (:Country {code: row[0], name: row[1], capital: row[2], continent: k.name, landlocked: false})-[:IN]->(k);

UNWIND [
  ['AG', 'Antigua and Barbuda', 'Saint John’s'], ['BS', 'Bahamas', 'Nassau'], ['BB', 'Barbados', 'Bridgetown'], ['BZ', 'Belize', 'Belmopan'],
  ['CA', 'Canada', 'Ottawa'], ['CR', 'Costa Rica', 'San José'], ['CU', 'Cuba', 'Havana'], ['DM', 'Dominica', 'Roseau'],
  ['DO', 'Dominican Republic', 'Santo Domingo'], ['SV', 'El Salvador', 'San Salvador'], ['GD', 'Grenada', 'Saint George’s'], ['GT', 'Guatemala', 'Guatemala City'],
  ['HT', 'Haiti', 'Port-au-Prince'], ['HN', 'Honduras', 'Tegucigalpa'], ['JM', 'Jamaica', 'Kingston'], ['MX', 'Mexico', 'Mexico City'],
  ['NI', 'Nicaragua', 'Managua'], ['PA', 'Panama', 'Panama City'], ['KN', 'Saint Kitts and Nevis', 'Basseterre'], ['LC', 'Saint Lucia', 'Castries'],
  ['VC', 'Saint Vincent and the Grenadines', 'Kingstown'], ['TT', 'Trinidad and Tobago', 'Port of Spain'], ['US', 'United States', 'Washington, D.C.']
] AS row
MATCH (k:Continent {name: 'North America'})
CREATE (:Country {code: row[0], name: row[1], capital: row[2], continent: k.name, landlocked: false})-[:IN]->(k);

UNWIND [
  ['AU', 'Australia', 'Canberra'], ['FJ', 'Fiji', 'Suva'], ['KI', 'Kiribati', 'South Tarawa'], ['MH', 'Marshall Islands', 'Majuro'],
  ['FM', 'Micronesia', 'Palikir'], ['NR', 'Nauru', 'Yaren'], ['NZ', 'New Zealand', 'Wellington'], ['PW', 'Palau', 'Ngerulmud'],
  ['PG', 'Papua New Guinea', 'Port Moresby'], ['WS', 'Samoa', 'Apia'], ['SB', 'Solomon Islands', 'Honiara'], ['TO', 'Tonga', 'Nukuʻalofa'],
  ['TV', 'Tuvalu', 'Funafuti'], ['VU', 'Vanuatu', 'Port Vila']
] AS row
MATCH (k:Continent {name: 'Oceania'})
CREATE (:Country {code: row[0], name: row[1], capital: row[2], continent: k.name, landlocked: false})-[:IN]->(k);

UNWIND [
  ['AR', 'Argentina', 'Buenos Aires'], ['BO', 'Bolivia', 'Sucre'], ['BR', 'Brazil', 'Brasília'], ['CL', 'Chile', 'Santiago'],
  ['CO', 'Colombia', 'Bogotá'], ['EC', 'Ecuador', 'Quito'], ['GY', 'Guyana', 'Georgetown'], ['PY', 'Paraguay', 'Asunción'],
  ['PE', 'Peru', 'Lima'], ['SR', 'Suriname', 'Paramaribo'], ['UY', 'Uruguay', 'Montevideo'], ['VE', 'Venezuela', 'Caracas']
] AS row
MATCH (k:Continent {name: 'South America'})
CREATE (:Country {code: row[0], name: row[1], capital: row[2], continent: k.name, landlocked: false})-[:IN]->(k);

// Countries without a sea coast.
UNWIND [
  'BF', 'BI', 'BW', 'CF', 'ET', 'LS', 'ML', 'MW', 'NE', 'RW', 'SS', 'SZ', 'TD', 'UG', 'ZM', 'ZW',
  'AF', 'AM', 'AZ', 'BT', 'KG', 'KZ', 'LA', 'MN', 'NP', 'TJ', 'TM', 'UZ',
  'AD', 'AT', 'BY', 'CH', 'CZ', 'HU', 'LI', 'LU', 'MD', 'MK', 'RS', 'SK', 'SM', 'VA', 'XK',
  'BO', 'PY'
] AS code
MATCH (c:Country {code: code})
SET c.landlocked = true;

// Land borders. Each pair once, under the code that comes first.
UNWIND [
  ['AD', ['ES', 'FR']], ['AE', ['OM', 'SA']], ['AF', ['CN', 'IR', 'PK', 'TJ', 'TM', 'UZ']], ['AL', ['GR', 'ME', 'MK', 'XK']],
  ['AM', ['AZ', 'GE', 'IR', 'TR']], ['AO', ['CD', 'CG', 'NA', 'ZM']], ['AR', ['BO', 'BR', 'CL', 'PY', 'UY']],
  ['AT', ['CH', 'CZ', 'DE', 'HU', 'IT', 'LI', 'SI', 'SK']], ['AZ', ['GE', 'IR', 'RU', 'TR']],
  ['BA', ['HR', 'ME', 'RS']], ['BD', ['IN', 'MM']], ['BE', ['DE', 'FR', 'LU', 'NL']], ['BF', ['BJ', 'CI', 'GH', 'ML', 'NE', 'TG']],
  ['BG', ['GR', 'MK', 'RO', 'RS', 'TR']], ['BI', ['CD', 'RW', 'TZ']], ['BJ', ['NE', 'NG', 'TG']], ['BN', ['MY']],
  ['BO', ['BR', 'CL', 'PE', 'PY']], ['BR', ['CO', 'FR', 'GY', 'PE', 'PY', 'SR', 'UY', 'VE']], ['BT', ['CN', 'IN']],
  ['BW', ['NA', 'ZA', 'ZM', 'ZW']], ['BY', ['LT', 'LV', 'PL', 'RU', 'UA']], ['BZ', ['GT', 'MX']],
  ['CA', ['DK', 'US']], ['CD', ['CF', 'CG', 'RW', 'SS', 'TZ', 'UG', 'ZM']], ['CF', ['CG', 'CM', 'SD', 'SS', 'TD']], ['CG', ['CM', 'GA']],
  ['CH', ['DE', 'FR', 'IT', 'LI']], ['CI', ['GH', 'GN', 'LR', 'ML']], ['CL', ['PE']], ['CM', ['GA', 'GQ', 'NG', 'TD']],
  ['CN', ['IN', 'KG', 'KP', 'KZ', 'LA', 'MM', 'MN', 'NP', 'PK', 'RU', 'TJ', 'VN']], ['CO', ['EC', 'PA', 'PE', 'VE']], ['CR', ['NI', 'PA']],
  ['CZ', ['DE', 'PL', 'SK']],
  ['DE', ['DK', 'FR', 'LU', 'NL', 'PL']], ['DJ', ['ER', 'ET', 'SO']], ['DO', ['HT']], ['DZ', ['LY', 'MA', 'ML', 'MR', 'NE', 'TN']],
  ['EC', ['PE']], ['EE', ['LV', 'RU']], ['EG', ['IL', 'LY', 'PS', 'SD']], ['ER', ['ET', 'SD']], ['ES', ['FR', 'MA', 'PT']],
  ['ET', ['KE', 'SD', 'SO', 'SS']],
  ['FI', ['NO', 'RU', 'SE']], ['FR', ['IT', 'LU', 'MC', 'SR']],
  ['GA', ['GQ']], ['GB', ['IE']], ['GE', ['RU', 'TR']], ['GH', ['TG']], ['GM', ['SN']], ['GN', ['GW', 'LR', 'ML', 'SL', 'SN']],
  ['GR', ['MK', 'TR']], ['GT', ['HN', 'MX', 'SV']], ['GW', ['SN']], ['GY', ['SR', 'VE']],
  ['HN', ['NI', 'SV']], ['HR', ['HU', 'ME', 'RS', 'SI']], ['HU', ['RO', 'RS', 'SI', 'SK', 'UA']],
  ['ID', ['MY', 'PG', 'TL']], ['IL', ['JO', 'LB', 'PS', 'SY']], ['IN', ['MM', 'NP', 'PK']], ['IQ', ['IR', 'JO', 'KW', 'SA', 'SY', 'TR']],
  ['IR', ['PK', 'TM', 'TR']], ['IT', ['SI', 'SM', 'VA']],
  ['JO', ['PS', 'SA', 'SY']],
  ['KE', ['SO', 'SS', 'TZ', 'UG']], ['KG', ['KZ', 'TJ', 'UZ']], ['KH', ['LA', 'TH', 'VN']], ['KP', ['KR', 'RU']], ['KW', ['SA']],
  ['KZ', ['RU', 'TM', 'UZ']],
  ['LA', ['MM', 'TH', 'VN']], ['LB', ['SY']], ['LR', ['SL']], ['LS', ['ZA']], ['LT', ['LV', 'PL', 'RU']], ['LV', ['RU']],
  ['LY', ['NE', 'SD', 'TD', 'TN']],
  ['MD', ['RO', 'UA']], ['ME', ['RS', 'XK']], ['MK', ['RS', 'XK']], ['ML', ['MR', 'NE', 'SN']], ['MM', ['TH']], ['MN', ['RU']],
  ['MR', ['SN']], ['MW', ['MZ', 'TZ', 'ZM']], ['MX', ['US']], ['MY', ['TH']], ['MZ', ['SZ', 'TZ', 'ZA', 'ZM', 'ZW']],
  ['NA', ['ZA', 'ZM']], ['NE', ['NG', 'TD']], ['NG', ['TD']], ['NO', ['RU', 'SE']],
  ['OM', ['SA', 'YE']],
  ['PL', ['RU', 'SK', 'UA']],
  ['QA', ['SA']],
  ['RO', ['RS', 'UA']], ['RS', ['XK']], ['RU', ['UA']], ['RW', ['TZ', 'UG']],
  ['SA', ['YE']], ['SD', ['SS', 'TD']], ['SK', ['UA']], ['SS', ['UG']], ['SY', ['TR']], ['SZ', ['ZA']],
  ['TJ', ['UZ']], ['TM', ['UZ']], ['TZ', ['UG', 'ZM']],
  ['ZA', ['ZW']], ['ZM', ['ZW']]
] AS row
MATCH (a:Country {code: row[0]})
UNWIND row[1] AS other
MATCH (b:Country {code: other})
CREATE (a)-[:BORDERS]->(b);

// Official languages of whole countries, by constitution, law or use.
UNWIND [
  ['Albanian', ['AL', 'MK', 'XK']], ['Amharic', ['ET']],
  ['Arabic', ['AE', 'BH', 'DJ', 'DZ', 'EG', 'IQ', 'JO', 'KM', 'KW', 'LB', 'LY', 'MA', 'MR', 'OM', 'PS', 'QA', 'SA', 'SD', 'SO', 'SY', 'TD', 'TN', 'YE']],
  ['Armenian', ['AM']], ['Aymara', ['BO', 'PE']], ['Azerbaijani', ['AZ']], ['Bambara', ['ML']], ['Belarusian', ['BY']], ['Bengali', ['BD']], ['Berber', ['DZ', 'MA']],
  ['Bislama', ['VU']], ['Bosnian', ['BA']], ['Bulgarian', ['BG']], ['Burmese', ['MM']], ['Catalan', ['AD']], ['Chichewa', ['MW']],
  ['Chinese', ['CN', 'SG', 'TW']], ['Comorian', ['KM']], ['Croatian', ['BA', 'HR']], ['Czech', ['CZ']], ['Danish', ['DK']], ['Dari', ['AF']],
  ['Dhivehi', ['MV']], ['Dutch', ['BE', 'NL', 'SR']], ['Dzongkha', ['BT']],
  ['English', ['AG', 'AU', 'BB', 'BI', 'BS', 'BW', 'BZ', 'CA', 'CM', 'DM', 'FJ', 'FM', 'GB', 'GD', 'GH', 'GM', 'GY', 'IE', 'IN', 'JM', 'KE', 'KI', 'KN', 'LC', 'LR', 'LS', 'MH', 'MT', 'MU', 'MW', 'NA', 'NG', 'NR', 'NZ', 'PG', 'PH', 'PK', 'PW', 'RW', 'SB', 'SC', 'SD', 'SG', 'SL', 'SS', 'SZ', 'TO', 'TT', 'TV', 'TZ', 'UG', 'US', 'VC', 'VU', 'WS', 'ZA', 'ZM', 'ZW']],
  ['Estonian', ['EE']], ['Fijian', ['FJ']], ['Filipino', ['PH']], ['Finnish', ['FI']],
  ['French', ['BE', 'BI', 'BJ', 'CA', 'CD', 'CF', 'CG', 'CH', 'CI', 'CM', 'DJ', 'FR', 'GA', 'GN', 'GQ', 'HT', 'KM', 'LU', 'MC', 'MG', 'RW', 'SC', 'SN', 'TD', 'TG', 'VU']],
  ['Georgian', ['GE']], ['German', ['AT', 'BE', 'CH', 'DE', 'LI', 'LU']], ['Gilbertese', ['KI']], ['Greek', ['CY', 'GR']], ['Guaraní', ['BO', 'PY']],
  ['Haitian Creole', ['HT']], ['Hausa', ['NE']], ['Hebrew', ['IL']], ['Hindi', ['FJ', 'IN']], ['Hiri Motu', ['PG']], ['Hungarian', ['HU']], ['Icelandic', ['IS']],
  ['Indonesian', ['ID']], ['Irish', ['IE']], ['Italian', ['CH', 'IT', 'SM', 'VA']], ['Japanese', ['JP']], ['Kazakh', ['KZ']], ['Khmer', ['KH']],
  ['Kinyarwanda', ['RW']], ['Kirundi', ['BI']], ['Korean', ['KP', 'KR']], ['Kurdish', ['IQ']], ['Kyrgyz', ['KG']], ['Lao', ['LA']], ['Latin', ['VA']],
  ['Latvian', ['LV']], ['Lithuanian', ['LT']], ['Luxembourgish', ['LU']], ['Macedonian', ['MK']], ['Malagasy', ['MG']], ['Malay', ['BN', 'MY', 'SG']],
  ['Maltese', ['MT']], ['Māori', ['NZ']], ['Marshallese', ['MH']], ['Mongolian', ['MN']], ['Montenegrin', ['ME']], ['Mooré', ['BF']], ['Nauruan', ['NR']],
  ['Ndebele', ['ZA', 'ZW']], ['Nepali', ['NP']], ['Norwegian', ['NO']], ['Palauan', ['PW']], ['Pashto', ['AF']], ['Persian', ['IR']], ['Polish', ['PL']],
  ['Portuguese', ['AO', 'BR', 'CV', 'GQ', 'GW', 'MZ', 'PT', 'ST', 'TL']], ['Quechua', ['BO', 'EC', 'PE']], ['Romanian', ['MD', 'RO']], ['Romansh', ['CH']],
  ['Russian', ['BY', 'KG', 'KZ', 'RU']], ['Samoan', ['WS']], ['Sango', ['CF']], ['Serbian', ['BA', 'RS', 'XK']], ['Sesotho', ['LS', 'ZA']],
  ['Setswana', ['BW', 'ZA']], ['Seychellois Creole', ['SC']], ['Shona', ['ZW']], ['Sinhala', ['LK']], ['Slovak', ['SK']], ['Slovene', ['SI']],
  ['Somali', ['SO']],
  ['Spanish', ['AR', 'BO', 'CL', 'CO', 'CR', 'CU', 'DO', 'EC', 'ES', 'GQ', 'GT', 'HN', 'MX', 'NI', 'PA', 'PE', 'PY', 'SV', 'UY', 'VE']],
  ['Swahili', ['KE', 'TZ', 'UG']], ['Swati', ['SZ', 'ZA']], ['Swedish', ['FI', 'SE']], ['Tajik', ['TJ']], ['Tamil', ['LK', 'SG']], ['Tetum', ['TL']],
  ['Thai', ['TH']], ['Tigrinya', ['ER']], ['Tok Pisin', ['PG']], ['Tongan', ['TO']], ['Turkish', ['CY', 'TR']], ['Turkmen', ['TM']],
  ['Tuvaluan', ['TV']], ['Ukrainian', ['UA']], ['Urdu', ['PK']], ['Uzbek', ['UZ']], ['Vietnamese', ['VN']], ['Xhosa', ['ZA', 'ZW']], ['Zulu', ['ZA']]
] AS row
CREATE (l:Language {name: row[0]})
WITH l, row[1] AS codes
UNWIND codes AS code
MATCH (c:Country {code: code})
CREATE (c)-[:SPEAKS]->(l);
