# frozen_string_literal: true

# What `runtime-kit bench` calls: a handler for each scenario.

def hello(_event, _context)
  'hello world'
end

def echo(event, _context)
  event[:data]
end

def size(event, _context)
  event[:data].bytesize.to_s
end

def wait(_event, _context)
  sleep 0.01
  'waited'
end
