{#- The published hand-written states, corrected only as far as they must be to converge: today's tap, `tart get` as the
    guard of clone, --disk-size, launchctl print as the guard of the service. For comparison in apply_cost.py. #}
{%- set user = pillar["tart"]["run_user"] %}

tart_tap:
  cmd.run:
    - name: /opt/homebrew/bin/brew trust --formula openai/tools/tart openai/tools/softnet
    - runas: {{ user }}
    - unless: test -x /opt/homebrew/bin/tart

tart_install:
  cmd.run:
    - name: /opt/homebrew/bin/brew install openai/tools/tart
    - runas: {{ user }}
    - unless: test -x /opt/homebrew/bin/tart
    - require:
      - cmd: tart_tap

{%- for name, vm in pillar["tart"]["vms"].items() if vm["enabled"] %}

tart_clone_{{ name }}:
  cmd.run:
    - name: /opt/homebrew/bin/tart clone {{ vm["image"] }} {{ name }}
    - runas: {{ user }}
    - unless: /opt/homebrew/bin/tart get {{ name }} >/dev/null 2>&1
    - require:
      - cmd: tart_install

tart_set_{{ name }}:
  cmd.run:
    - name: /opt/homebrew/bin/tart set {{ name }} --cpu {{ vm["cpu"] }} --memory {{ vm["memory"] }} --disk-size {{ vm["disk"] }}
    - runas: {{ user }}
    - onchanges:
      - cmd: tart_clone_{{ name }}

tart_plist_{{ name }}:
  file.managed:
    - name: /Library/LaunchDaemons/com.tart.{{ name }}.plist
    - source: salt://tart/files/com.tart.vm.plist.jinja
    - template: jinja
    - user: root
    - group: wheel
    - mode: "0644"
    - context:
        name: {{ name }}
        run_user: {{ user }}

tart_service_{{ name }}:
  cmd.run:
    - name: /bin/launchctl bootstrap system /Library/LaunchDaemons/com.tart.{{ name }}.plist
    - unless: /bin/launchctl print system/com.tart.{{ name }} >/dev/null 2>&1
    - require:
      - file: tart_plist_{{ name }}
      - cmd: tart_set_{{ name }}
{%- endfor %}
