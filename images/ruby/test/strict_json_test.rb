# frozen_string_literal: true

require_relative 'helper'

class StrictJsonTest < Minitest::Test
  MALFORMED = {
    'unknown escapes' => ['"\x41"', '"\a"', '"\0"', '"\U0041"', %q("\'"), '"\ü"', '{"\x":1}',
                          '"\\\\\x"', '"\\\\\\\\\a"'],
    'escapes cut short' => ['"\\', '"\"', '"\u"', '"\u12"', '"\u12G4"', '"\u+123"', '"\u 123"', '"\ud800\u12"'],
    'escaped control characters' => ["\"\\\n\"", "\"\\\t\"", "\"\\\0\""],
    'escapes outside of strings' => ['[\n1]', '\u0031', '{\"a\":1}'],
    'half surrogate pairs' => ['"\ud800"', '"\udc00"', '"\uDBFFa"', '{"\udfff":1}', '"\udc00\ud800"',
                               '"\ud800\ud800"', '"\ud800\u0041"', '"\ud83d\ude00\ude00"', '"\ud83d\ud83d\ude00"',
                               '"\ud83d\\\\\ude00"', '"\\\\ud83d\ude00"'],
    'control characters' => ["\"\t\"", "\"\n\"", "\"\0\"", "\"\u001F\"", "{\"\n\":1}", "\"\\n\t\""],
    'comments' => ['/**/', '[1/**/]', '{/*a*/"a":1}', "1//x\n", "//x\n1", "1#x\n", '["\\"",/**/1]'],
    'what is no number' => ['- 1', '1 2', *'NaN [NaN] Infinity [-Infinity] nan - -x 01 -01 [00] {"a":09} 1. .1 -.5
                                            1.e1 1e 1e+ 1.5.5 +1 --1 0x1 1_0 1a 1eE2'.split],
    'what is no literal' => 'True nul nulll undefined -null tru'.split,
    'commas and colons' => ['[1 2]', '{"a":1 "b":2}', '{"a" 1}', "[1,\n]", '["a" "b"]',
                            *'[1,] {"a":1,} [,1] [1,,2] [,] {,} ["a""b"] {"a"::1} {"a"} {"a":} [1:2] 1, :'.split],
    'what is no string' => %q('a' {a:1} {1:1} {null:1} "a"b "a).split,
    'the wrong end' => '{ [1 [1} [1]] {}{} 1/ {"a":1}}'.split,
    'what is no white space' => ["\v1", "[\f1]", "[1]\0", "\0[1]", "[\u00A01]", "1\u2028", "1\u0085"],
    'nothing' => ['', ' ', "\u{FEFF}"],
    'byte order marks' => ["\u{FEFF}\u{FEFF}1", "[\u{FEFF}1]", "1\u{FEFF}"],
    'what is no UTF-8' => ["\"\xFF\"", "\"\xED\xA0\x80\"", "\"\xC0\x80\""]
  }.freeze

  MALFORMED.each do |name, texts|
    define_method("test_malformed_#{name}") do
      texts.each do |text|
        assert_raises(JSON::ParserError, text.inspect) { RuntimeKit::StrictJson.parse(text) }
      end
    end
  end

  VALID = {
    '"\"\\\\\/\b\f\n\r\t\u00e9\u00E9"' => "\"\\/\b\f\n\r\téé",
    '"\\\\x \\\\\\\\a \\\\ud83d"' => '\x \\\\a \ud83d',
    '"\ud83d\ude00\uD83D\uDE00"' => '😀😀',
    '"\\\\\ud83d\ude00"' => '\😀',
    '"\u0000\ud7ff\ue000\uffff"' => "\u0000\uD7FF\uE000\uFFFF",
    '["http://x", "a\\"//b", "/* c */"]' => ['http://x', 'a"//b', '/* c */'],
    "\"\u007F\u2028\u{10FFFF}\u{FEFF}\"" => "\u007F\u2028\u{10FFFF}\u{FEFF}",
    "\u{FEFF}[1]" => [1],
    " \t\r\n[ 1\n,\t-0 , { } ]\r\n" => [1, 0, {}],
    '[0, -0.5, 1e1, 1E+2, 25e-2]' => [0, -0.5, 10.0, 100.0, 0.25],
    '9' * 400 => (10**400) - 1,
    '{"a":1,"a":2}' => { 'a' => 2 },
    '{"json_class":"String"}' => { 'json_class' => 'String' }
  }.freeze

  VALID.each do |text, value|
    define_method("test_valid_#{text[0, 40].inspect}") do
      assert_equal value, RuntimeKit::StrictJson.parse(text)
    end
  end

  def test_depth_is_limited
    assert_raises(JSON::ParserError) { RuntimeKit::StrictJson.parse('[' * 100_000) }
    assert_kind_of Array, RuntimeKit::StrictJson.parse("#{'[' * 400}#{']' * 400}")
  end

  # In quadratic time each of them would take minutes.
  ['a', '\n', '\\\\', '\u00e9', '\ud83d\ude00', '/', '/\\"x', '\\\\\n'].each do |piece|
    define_method("test_long_strings_of_#{piece}") do
      text = "\"#{piece * (1_048_576 / piece.size)}\""

      assert_equal JSON.parse(text), RuntimeKit::StrictJson.parse(text)
      assert_raises(JSON::ParserError) { RuntimeKit::StrictJson.parse("#{text[0..-2]}\\x\"") }
    end
  end
end
