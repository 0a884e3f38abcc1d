"""Templates come off the internet: what they can do is little, and bounded."""

from datetime import datetime
from typing import Any

import pytest

from agents.formats.template import Template, TemplateRefusedError


def render(source: str, **variables: Any) -> str:
    template = Template(source, bos="<s>", eos="</s>", today=lambda: datetime(2026, 3, 4))
    return template.render([{"role": "user", "content": "hi"}], **variables)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ bos_token }}{{ messages[0].content }}{{ eos_token }}", "<s>hi</s>"),
        ("{{ {'a': 'é<', 'b': [1]} | tojson }}", '{"a": "é<", "b": [1]}'),
        ("{{ {'b': 1, 'a': 2} | tojson(sort_keys=true, separators=(',', ':')) }}", '{"a":2,"b":1}'),
        ("{{ [1] | tojson(indent=2) }}", "[\n  1\n]"),
        ("{{ messages | map(attribute='role') | tojson }}", '["user"]'),
        ("{{ ('{\"a\": 1}' | from_json).a }}{{ ('[2]' | fromjson)[0] }}", "12"),
        ("{{ strftime_now('%d %b %Y') }}", "04 Mar 2026"),
        ("{% set l = [] %}{% for i in range(3) %}{% set _ = l.append(i) %}{% endfor %}{{ l }}", "[0, 1, 2]"),
        ("{% generation %}x{% endgeneration %}", "x"),
        ("{% for i in range(9) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}", "01"),
        (
            "{{ 'a' ~ 1 ~ none }}{{ 'a' * 3 }}{{ '%s-%s' % ('a', 2) }}{{ '{:>3}'.format(1) }}",
            "a1Noneaaaa-2  1",
        ),
        ("{{ '2026 {} {{'.format(1) }}{{ '{%s 2026}' % 1 }}", "2026 1 {{1 2026}"),
        ("{{ tools is none }}{{ add_generation_prompt }}", "TrueTrue"),
        ("{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m(1) }}{{ caller is defined }}", "[1]False"),
        (
            "{%- set ns = namespace(t='') %}{% for c in 'ab' %}{% set ns.t = ns.t ~ c ~ '.' %}"
            "{% endfor %}{{ ns.t }}",
            "a.b.",
        ),
    ],
)
def test_what_real_templates_use(source: str, text: str) -> None:
    assert render(source) == text


def test_neither_messages_nor_tools_are_changed() -> None:
    messages: list[dict[str, Any]] = [{"role": "user", "content": "a", "list": [1]}]
    tools: list[dict[str, Any]] = [{"x": [1]}]
    source = "{% set _ = messages[0].list.append(2) %}{% set _ = tools[0].x.pop() %}{{ messages[0].list }}"
    template = Template(source, today=lambda: datetime(2026, 3, 4))
    assert template.render(messages, tools=tools) == "[1, 2]"
    assert (messages[0]["list"], tools) == ([1], [{"x": [1]}])


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% for i in range(1000) %}{% for j in range(100000) if false %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(t='x') %}{% for i in range(99) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}",
        "{% set ns = namespace(t='x') %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
        "{% set ns = namespace(t=[1]) %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
        "{% set ns = namespace(t='a') %}{% for i in range(99) %}"
        "{% set ns.t = ns.t | replace('a', 'aa') %}{% endfor %}",
        "{% set ns = namespace(t='a') %}{% for i in range(99) %}"
        "{% set ns.t = ns.t.replace('a', 'aa') %}{% endfor %}",
        "{% set ns = namespace(t='a') %}{% for i in range(99) %}"
        "{% set ns.t = ns.t.join([ns.t, ns.t]) %}{% endfor %}",
        "{% set ns = namespace(t='a') %}{% for i in range(99) %}"
        "{% set x %}{{ ns.t }}{{ ns.t }}{% endset %}{% set ns.t = x %}{% endfor %}",
        "{% set l = [1] %}{% for i in l %}{% set _ = l.append(1) %}{% endfor %}",
        "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
        "{% for i in range(100000) %}" + "y" * 1000 + "{% endfor %}",
        "{% set l = range(99999) | list %}{% for i in l %}{% set x = l | sum %}{% endfor %}",
        "{{ 'a' * 999999999 }}",
        "{{ [0] * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ '{:{}}'.format(1, 999999999) }}",
        "{{ '{a:999999999}'.format_map({'a': 1}) }}",
        "{{ ('a' * 3000000).translate({97: 'b' * 3000000}) }}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ 'a'.center(999999999) }}",
        "{{ 'a'.zfill(999999999) }}",
        "{{ '\t'.expandtabs(999999999) }}",
        "{{ 'a' | indent(999999999, true) }}",
        "{{ '%999999999s' | format(1) }}",
        "{{ range(999999999) | list }}",
        "{{ ''.__class__.__mro__ }}{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ messages.__init__.__globals__ }}",
        "{{ messages[0].update({'a': 1}) }}",
        "{{ messages.clear() }}",
        "{{ raise_exception('no') }}",
        "{{ undefined_thing.x }}",
        "{{ 1 / 0 }}",
        "{{ {}['x'].y }}",
        "{{ [] | first | tojson }}",
        "{% include 'x' %}",
    ],
)
def test_what_is_too_much_or_out_of_bounds_is_refused(source: str) -> None:
    with pytest.raises(TemplateRefusedError, match="the chat template "):
        render(source)


@pytest.mark.parametrize(
    "source", ["{% if", "{{ x | nope }}", "{% for i in x %}" * 30, "{{ (" * 500 + "1" + ") }}" * 500]
)
def test_what_does_not_compile_is_refused(source: str) -> None:
    with pytest.raises(TemplateRefusedError, match="does not compile"):
        render(source)


def test_bounded_renderings() -> None:
    template = Template("{% for i in range(50) %}ab{% endfor %}", today=lambda: datetime(2026, 3, 4))
    assert len(template.render([])) == 100
    with pytest.raises(TemplateRefusedError, match="too many steps"):
        template.bounded(20, 1000).render([])
    with pytest.raises(TemplateRefusedError, match="too much"):
        template.bounded(1000, 20).render([])
