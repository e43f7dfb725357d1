/*
 * Messages with the digests of what they sign, as Python's json and hashlib made
 * them: form (a), then those of (b), (c) and (d) that differ from the ones before.
 */

#ifndef MESSAGE_VECTORS_H
#define MESSAGE_VECTORS_H

static const struct vector {
	const char	*name;
	const char	*text;
	const char	*digest;
	const char	*others[MESSAGE_OTHER_FORMS];
} vectors[] = {
	{ "flat, spaced, escaped",
	    "{\"type\": \"signed_data\", \"data\": {\"type\": \"public_ch"
	    "at\", \"sender\": \"F\", \"message\": \"a, b: c {\\\"d\\\"} "
	    "[\\\\] \\u00e9\\ud83d\\ude00\\n\"}, \"counter\": 42, \"signa"
	    "ture\": \"AAAA\"}",
	    "e50046f6dbdaa77d90757ffa77c976f7241a46fda884a3b973ea13d7956c3534",
	    { "5f3bd0e19350d424539d9f292ddfd49c0703a0ddea46613a66267241b9a4229b",
	      "eacfe176c618f3f8d55f3de49cdac6c11416f99783aaaea3357baed1b369d68f" } },
	{ "flat, compact, escaped",
	    "{\"type\": \"signed_data\", \"data\": {\"type\":\"public_cha"
	    "t\",\"sender\":\"F\",\"message\":\"a, b: c {\\\"d\\\"} [\\\\"
	    "] \\u00e9\\ud83d\\ude00\\n\"}, \"counter\": 0, \"signature\""
	    ": \"AAAA\"}",
	    "acd8770b082fc7ee821f1fc13b669bcaed2c47678e802d6ac8fd40235c0b1798",
	    { "b8414945ac5c9e946d6c4cf4c289c1221d68649b7a7c1772c306e4f70d45868f",
	      "d489fc24dd955da033148a95c24ba55f1b843c3b736d97c0d4af628b72519c37" } },
	{ "flat, spaced, plain",
	    "{\"type\": \"signed_data\", \"data\": {\"type\": \"public_ch"
	    "at\", \"sender\": \"F\", \"message\": \"a, b: c {\\\"d\\\"} "
	    "[\\\\] \303\251\360\237\230\200\\n\"}, \"counter\": 42, \"si"
	    "gnature\": \"AAAA\"}",
	    "cc45c58868920cefea19b5956af713c93f3ad07fa45cc7f87de9c3da9bba5872",
	    { "24df58f4899e914e4c2fccb2502a33de8a10c8d23b53ed589c37a88cc9a275a1",
	      "fba4a2b264b399efa909ad697344f48ef1b822c8a09f2b9330e2cb4037aad5f6" } },
	{ "flat, compact, plain",
	    "{\"type\": \"signed_data\", \"data\": {\"type\":\"public_cha"
	    "t\",\"sender\":\"F\",\"message\":\"a, b: c {\\\"d\\\"} [\\\\"
	    "] \303\251\360\237\230\200\\n\"}, \"counter\": 0, \"signatur"
	    "e\": \"AAAA\"}",
	    "116558c3aca745c8cd9c45215c3ea396687aef6bfd7997f54d9005b90cbe72e1",
	    { "bd51ea652389363dfc8f5391cfdedd15fcc977929832388a4edf495469543d04",
	      "ed47ee2847fdfc377cb1a279f3d0111b7ae6f1792f2aaacccf4a8a61ea0e55a9" } },
	{ "nested, spaced, escaped",
	    "{\"type\": \"signed_data\", \"data\": {\"type\": \"public_ch"
	    "at\", \"sender\": \"F\", \"message\": \"m\", \"z\": {\"b\": "
	    "[1, {\"y\": null, \"x\": true, \"w\": {}}, [], \"s\"], \"a\""
	    ": -1.5}, \"\\u00e9\": 1, \"z\\\"\": 2, \"Z\": 3, \"\\ud83d\\"
	    "ude00\": 4, \"\\uffee\": 5, \"\": 6, \"aa\": 7, \"a\": {\"c"
	    "\": 1, \"b\": {\"e\": 0, \"d\": [{\"g\": 1, \"f\": 2}]}}, \""
	    "a\\u0000\": 8, \"a\\\\\": 9}, \"counter\": 42, \"signature\""
	    ": \"AAAA\"}",
	    "8785073ae481d02e60dfbb6b445e4c6267d677b375212facea7bfd15bd3c4c5d",
	    { "d5e4fdf79bdf35fbb02deee754474b05a5de5d9b2b3510b0f05754d878002b5a",
	      "f3ef18576c62d3f95c030df990a393db56cbfbb34eac1aa66e103d607d1582a4" } },
	{ "nested, compact, escaped",
	    "{\"type\": \"signed_data\", \"data\": {\"type\":\"public_cha"
	    "t\",\"sender\":\"F\",\"message\":\"m\",\"z\":{\"b\":[1,{\"y"
	    "\":null,\"x\":true,\"w\":{}},[],\"s\"],\"a\":-1.5},\"\\u00e9"
	    "\":1,\"z\\\"\":2,\"Z\":3,\"\\ud83d\\ude00\":4,\"\\uffee\":5,"
	    "\"\":6,\"aa\":7,\"a\":{\"c\":1,\"b\":{\"e\":0,\"d\":[{\"g\":"
	    "1,\"f\":2}]}},\"a\\u0000\":8,\"a\\\\\":9}, \"counter\": 0, "
	    "\"signature\": \"AAAA\"}",
	    "c003335dc67c31a79272503609360fb3d001e0eb86ffea0fe9860bb86ef22813",
	    { "977af0e557389c09e057daf2ed563db8507617753600dcc90d80ff1f65c43cc9",
	      "2c10c772b316b3fc5fc95fc9439d54fbd9615dc162dc4e20687ffa737464407b" } },
	{ "nested, spaced, plain",
	    "{\"type\": \"signed_data\", \"data\": {\"type\": \"public_ch"
	    "at\", \"sender\": \"F\", \"message\": \"m\", \"z\": {\"b\": "
	    "[1, {\"y\": null, \"x\": true, \"w\": {}}, [], \"s\"], \"a\""
	    ": -1.5}, \"\303\251\": 1, \"z\\\"\": 2, \"Z\": 3, \""
	    "\360\237\230\200\": 4, \"\357\277\256\": 5, \"\": 6, \"aa\":"
	    " 7, \"a\": {\"c\": 1, \"b\": {\"e\": 0, \"d\": [{\"g\": 1, "
	    "\"f\": 2}]}}, \"a\\u0000\": 8, \"a\\\\\": 9}, \"counter\": 4"
	    "2, \"signature\": \"AAAA\"}",
	    "669b193b2fa612cb117bc40afbe05b8fae574316b455700fefc0c7ac316033cb",
	    { "8dc080c438c8f1dd49dd21e171bd884c014ead0eb401172a6a2d749247fb2774",
	      "10f504601cd9878086446712b836c65f26a130effed710e6752a253e6de67c23" } },
	{ "nested, compact, plain",
	    "{\"type\": \"signed_data\", \"data\": {\"type\":\"public_cha"
	    "t\",\"sender\":\"F\",\"message\":\"m\",\"z\":{\"b\":[1,{\"y"
	    "\":null,\"x\":true,\"w\":{}},[],\"s\"],\"a\":-1.5},\""
	    "\303\251\":1,\"z\\\"\":2,\"Z\":3,\"\360\237\230\200\":4,\""
	    "\357\277\256\":5,\"\":6,\"aa\":7,\"a\":{\"c\":1,\"b\":{\"e\""
	    ":0,\"d\":[{\"g\":1,\"f\":2}]}},\"a\\u0000\":8,\"a\\\\\":9}, "
	    "\"counter\": 0, \"signature\": \"AAAA\"}",
	    "b8835384e234c9d05df0bac47229d9e1d05c9c9d6b0218d5477171716d74461c",
	    { "79bd65c7aaf2f0d79d15487499d2a27ec1cf8b10d41d823e344d9e3df8cdca03",
	      "d39f764924b4d4599e05bff1b4d231ea18bb6365e2474e36c0beb25d19900651" } },
	{ "nested, indented",
	    "{\"type\": \"signed_data\", \"data\": {\n    \"type\": \"pub"
	    "lic_chat\",\n    \"sender\": \"F\",\n    \"message\": \"m\","
	    "\n    \"z\": {\n        \"b\": [\n            1,\n          "
	    "  {\n                \"y\": null,\n                \"x\": tr"
	    "ue,\n                \"w\": {}\n            },\n            "
	    "[],\n            \"s\"\n        ],\n        \"a\": -1.5\n   "
	    " },\n    \"\\u00e9\": 1,\n    \"z\\\"\": 2,\n    \"Z\": 3,\n"
	    "    \"\\ud83d\\ude00\": 4,\n    \"\\uffee\": 5,\n    \"\": 6"
	    ",\n    \"aa\": 7,\n    \"a\": {\n        \"c\": 1,\n        "
	    "\"b\": {\n            \"e\": 0,\n            \"d\": [\n     "
	    "           {\n                    \"g\": 1,\n               "
	    "     \"f\": 2\n                }\n            ]\n        }\n"
	    "    },\n    \"a\\u0000\": 8,\n    \"a\\\\\": 9\n}, \"counter"
	    "\": 9223372036854775807, \"signature\": \"AAAA\"}",
	    "7964e2c8fe0d3f3fe2ef234d62c19be2c5551ea5d5a8bb22e16ecac54e790f99",
	    { "b9fc1c009b7727d3d485d8bac0841f8524aba5f50b03c1783d1aab7b6e213e7c",
	      "2934109a9783544ff61688e5767c287b091460ea882eae0a9d19da53949ac1fc",
	      "fb511143bfd7f2c318c141deb7dd75c3df603626c6e7ddcc7a6aadb8def68a09" } },
	{ "nested, tabs and returns",
	    "{\"type\": \"signed_data\", \"data\": {\r\n\t\"type\": \"pub"
	    "lic_chat\",\r\n\t\"sender\": \"F\",\r\n\t\"message\": \"m\","
	    "\r\n\t\"z\": {\r\n\t\t\"b\": [\r\n\t\t\t1,\r\n\t\t\t{\r\n\t"
	    "\t\t\t\"y\": null,\r\n\t\t\t\t\"x\": true,\r\n\t\t\t\t\"w\":"
	    " {}\r\n\t\t\t},\r\n\t\t\t[],\r\n\t\t\t\"s\"\r\n\t\t],\r\n\t"
	    "\t\"a\": -1.5\r\n\t},\r\n\t\"\\u00e9\": 1,\r\n\t\"z\\\"\": 2"
	    ",\r\n\t\"Z\": 3,\r\n\t\"\\ud83d\\ude00\": 4,\r\n\t\"\\uffee"
	    "\": 5,\r\n\t\"\": 6,\r\n\t\"aa\": 7,\r\n\t\"a\": {\r\n\t\t\""
	    "c\": 1,\r\n\t\t\"b\": {\r\n\t\t\t\"e\": 0,\r\n\t\t\t\"d\": ["
	    "\r\n\t\t\t\t{\r\n\t\t\t\t\t\"g\": 1,\r\n\t\t\t\t\t\"f\": 2\r"
	    "\n\t\t\t\t}\r\n\t\t\t]\r\n\t\t}\r\n\t},\r\n\t\"a\\u0000\": 8"
	    ",\r\n\t\"a\\\\\": 9\r\n}, \"counter\": 1, \"signature\": \"A"
	    "AAA\"}",
	    "6c0c8f08f2f3e77004e151b7a4789024b978c6551f190f2fb7a09844772c1e81",
	    { "4e506f3708b836a9641426be7f8a8dcb76310bfc8bcf4bcaa78d22b68cd92045",
	      "28bee0f348ed308ac4cb566e03838f2abcff6eb38429c23a48e0f2132e5f420c",
	      "1bcd9beebb260d6d0f4df48484794cbac626ad9ad804997b52f8775f31651a47" } },
	{ "as a string",
	    "{\"type\": \"signed_data\", \"data\": \"{\\\"type\\\": \\\"p"
	    "ublic_chat\\\", \\\"sender\\\": \\\"F\\\", \\\"message\\\": "
	    "\\\"a, b: c {\\\\\\\"d\\\\\\\"} [\\\\\\\\] \\\\u00e9\\\\ud83"
	    "d\\\\ude00\\\\n\\\"}\", \"counter\": 42, \"signature\": \"AA"
	    "AA\"}",
	    "e50046f6dbdaa77d90757ffa77c976f7241a46fda884a3b973ea13d7956c3534",
	    { NULL } },
	{ "as a string, compact",
	    "{\"type\": \"signed_data\", \"data\": \"{\\\"type\\\":\\\"pu"
	    "blic_chat\\\",\\\"sender\\\":\\\"F\\\",\\\"message\\\":\\\"m"
	    "\\\",\\\"z\\\":{\\\"b\\\":[1,{\\\"y\\\":null,\\\"x\\\":true,"
	    "\\\"w\\\":{}},[],\\\"s\\\"],\\\"a\\\":-1.5},\\\"\\u00e9\\\":"
	    "1,\\\"z\\\\\\\"\\\":2,\\\"Z\\\":3,\\\"\\ud83d\\ude00\\\":4,"
	    "\\\"\\uffee\\\":5,\\\"\\\":6,\\\"aa\\\":7,\\\"a\\\":{\\\"c\\"
	    "\":1,\\\"b\\\":{\\\"e\\\":0,\\\"d\\\":[{\\\"g\\\":1,\\\"f\\"
	    "\":2}]}},\\\"a\\\\u0000\\\":8,\\\"a\\\\\\\\\\\":9}\", \"coun"
	    "ter\": 42, \"signature\": \"AAAA\"}",
	    "8dc080c438c8f1dd49dd21e171bd884c014ead0eb401172a6a2d749247fb2774",
	    { NULL } },
	{ "as an indented string",
	    "{\"type\": \"signed_data\", \"data\": \"{\\n \\\"type\\\": "
	    "\\\"public_chat\\\",\\n \\\"sender\\\": \\\"F\\\",\\n \\\"me"
	    "ssage\\\": \\\"a, b: c {\\\\\\\"d\\\\\\\"} [\\\\\\\\] \\\\u0"
	    "0e9\\\\ud83d\\\\ude00\\\\n\\\"\\n}\", \"counter\": 42, \"sig"
	    "nature\": \"AAAA\"}",
	    "379b527fa57b3e170d4b21201e1b0a7d344585c4e5efa6c7ea7d27846329b777",
	    { NULL } },
	{ "numbers as written",
	    "{\"type\": \"signed_data\", \"data\": {\"type\":\"public_cha"
	    "t\",\"sender\":\"\",\"message\":\"\", \"n\":[1.50,1E+2,-0,0e"
	    "0],\"b\":1.0}, \"counter\": 5, \"signature\": \"AAAA\"}",
	    "ad8a54fb24e8317f449e2acb425d09d3bcd88c53f3ac614fbea60cb8012ffd41",
	    { "b1119c5a4ca7518e9576ffa438fe530182da018b7638b59b5f67887d31eafd71",
	      "ffb1dffc1ebe529b164f22998bb8626fdebbffcc6d334be4d137fdb29508aa54",
	      "1db652276b94e1ba615c5c81f9990c1505a9b17fedbb535e80707aa89796b4bf" } }
};

#endif
