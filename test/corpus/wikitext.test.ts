import assert from 'node:assert/strict';
import { parseSite } from '../../corpus/site.js';
import { cleanWikitext } from '../../corpus/wikitext/clean.js';

const site = parseSite('<namespace key="6" case="first-letter">Datei</namespace>');

function clean(wikitext: string, dropSections: string[] = []): string {
  return cleanWikitext(wikitext, site, new Set(dropSections))
    .map(({ text }) => text)
    .join('\n');
}

describe('corpus: wikitext to text', () => {
  const cases: Array<[behaviour: string, wikitext: string, text: string]> = [
    ['takes out nested templates', 'A {{one|{{two|x}}|y}} b.', 'A b.'],
    ['takes out an infobox over many lines', '{{Infobox\n| a = {{b}}\n| c = [[d]]\n}}\nText.', 'Text.'],
    ['takes out triple braces', 'A {{{1|{{x}}}}} b {{y|{{{2}}}}} c.', 'A b c.'],
    ['takes out nested tables', 'A.\n{| class="x"\n| a\n{|\n| inner\n|}\n| b\n|}\nB.', 'A.\nB.'],
    ['takes out HTML tables', 'A <table><tr><td>x<table><tr><td>y</td></tr></table></td></tr></table> b.', 'A b.'],
    ['takes out references, named and empty ones', 'A<ref>x [[y]] {{z}}</ref> b<ref name="n" /> c.', 'A b c.'],
    ['takes out comments', 'A <!-- no\n\n[[x]] --> b.', 'A b.'],
    ['shows the text of links', 'A [[b]] and [[c|the d]]s, [[:Category:E|e]].', 'A b and the ds, e.'],
    ['takes out files with links in the caption', 'A.\n[[File:x.jpg|thumb|A [[b|c]] and [[d]].]]\nE.', 'A.\nE.'],
    ['knows the local name of files', '[[Datei:x.jpg|thumb|Caption.]]Text.', 'Text.'],
    ['takes out categories and other languages', 'A.[[Category:B]]\n[[de:C]]\n[[zh-min-nan:D]]', 'A.'],
    [
      'keeps the words of web links',
      'See [http://a.b/c the site] or [http://d.e], http://f.g/h too.',
      'See the site or, too.',
    ],
    [
      'drops the marks of bold and italics',
      "'''Bold''' and ''italic'' and '''''both'''''.",
      'Bold and italic and both.',
    ],
    ['drops tags and keeps their words', 'H<sub>2</sub>O is <span style="x">wet</span>.', 'H2O is wet.'],
    ['decodes character references', 'A&nbsp;&ndash; b &#x41;&#66; &lt;c&gt;.', 'A – b AB <c>.'],
    ['keeps what nowiki protects', 'A <nowiki>[[b]]</nowiki> c.', 'A [[b]] c.'],
    ['tidies brackets that became empty', 'A (; {{IPA|x}}, born 1900) b ({{x}}) c ( , d).', 'A (born 1900) b c (d).'],
    ['leaves comparisons alone', 'If a < b and c > d then x.', 'If a < b and c > d then x.'],
    ['separates list items', 'A.\n* one\n** two\n# three\n; four', 'A.\none\ntwo\nthree\nfour'],
    ['drops headings', 'A.\n== Head ==\nB.\n=== Sub ===\nC.', 'A.\nB.\nC.'],
    ['joins the lines of a paragraph', 'A\nb.\n\nC.', 'A b.\nC.'],
    ['drops program text', 'A.\n int x = 1;\n return x\nB.', 'A.\nB.'],
    ['drops magic words', '__NOTOC__\nA.', 'A.'],
    [
      'writes out a measure',
      'It is {{convert|5|km|mi|abbr=on}}, {{convert|60|and(-)|80|kg|lb}}.',
      'It is 5 km, 60 and 80 kg.',
    ],
    ['keeps foreign words', 'In {{lang|fr|[[chat]]}} or {{lang-de|Katze}}.', 'In chat or Katze.'],
    ['keeps quotations', 'A:\n{{quote|Be {{nowrap|so good}}.|author}}\nB.', 'A:\nBe so good.\nB.'],
    ['keeps a possessive after italics', "''Eagle''{{'s}} wings.", "Eagle's wings."],
    ['keeps a simple formula', 'Let <math>n + 1</math> be.', 'Let n + 1 be.'],
  ];
  for (const [behaviour, wikitext, text] of cases) it(behaviour, () => assert.equal(clean(wikitext), text));

  it('leaves out the sections it is told to, with their subsections', () => {
    const source = 'A.\n== References ==\nB.\n=== Books ===\nC.\n== After ==\nD.';
    assert.equal(clean(source, ['references']), 'A.\nD.');
  });

  const unbalanced: Array<[what: string, wikitext: string]> = [
    ['template', 'A {{x|y b.'],
    ['template with others inside', '{{Infobox\n| a = {{b}}\n| c = {{d}'],
    ['table', '{| class="x"\n| cell'],
    ['table that meets a heading', '{|\n| cell\n== Head ==\nShort'],
    ['reference', 'A <ref>b {{c}}'],
    ['link', 'A [[b|c d.'],
    ['file link', '[[File:a.jpg|thumb|b'],
    ['comment', 'A <!-- b'],
    ['closing template', 'A }} b.'],
    ['closing link', 'A ]] b.'],
  ];
  for (const [what, wikitext] of unbalanced) {
    it(`loses at most a paragraph to an unbalanced ${what}`, () => {
      const text = clean(`Before.\n\n${wikitext}\n\nAfter one.\n\n{{ok}}After [[two]].\n\n<ref>x</ref>After three.`);
      assert.ok(text.startsWith('Before.'), text);
      assert.ok(text.endsWith('After one.\nAfter two.\nAfter three.'), text);
    });
  }

  it('takes no long over a megabyte of nothing but openings', function () {
    this.timeout(30_000);
    for (const mark of [
      '{{',
      '[[',
      '\n{|',
      '<ref>',
      '<table>',
      '<!--',
      '{{a}}{{',
      '[[a]][[',
      '{{small|',
      '[[a|',
      "'''",
      '(',
      '<',
      '&',
    ]) {
      assert.equal(typeof clean(mark.repeat(1_000_000 / mark.length)), 'string');
    }
  });

  it('drops a template that starts in the lost rest of another one with all that it holds', () => {
    assert.equal(clean('A {{x b {{Infobox\n\n| c\n}}\n\nD.'), 'A\nD.');
  });

  it('survives any cut through its markup', () => {
    const source =
      "'''A''' {{b|{{c}}}} [[File:d|[[e]]]]\n{|\n| f\n|}\n<ref name=g>h</ref> <math>\\x</math> &amp; == i ==";
    for (let end = 0; end <= source.length; end++) assert.equal(typeof clean(source.slice(0, end)), 'string');
  });
});
