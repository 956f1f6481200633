# frozen_string_literal: true

# Uses a gem: the Gemfile beside this file names it, the platform installs it, `require` finds it.

require 'rainbow'

# There is no terminal, so the gem would leave the colours out.
Rainbow.enabled = true

def paint(event, _context)
  Rainbow(event[:data] || 'nothing to paint').green.to_s
end
