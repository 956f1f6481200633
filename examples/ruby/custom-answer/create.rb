# frozen_string_literal: true

# Sets status, headers and content type by itself, on the response of Sinatra.
# `halt` ends the call early with a status of its own.

def create(event, _context)
  halt 422, 'a name is needed' if event[:data].to_s.empty?

  response = event[:extensions].response
  response.status = 201
  response['Location'] = "/things/#{event[:data]}"
  response['Content-Type'] = 'text/csv; charset=utf-8'
  "name,size\n#{event[:data]},#{event[:data].length}\n"
end
