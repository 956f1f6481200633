# frozen_string_literal: true

# What `runtime-kit bench` calls: a handler for each scenario.

require 'digest'

WORKLOAD = ('a' * (2**20)).freeze

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

def work(_event, _context)
  Digest::SHA256.hexdigest(WORKLOAD)
end
