# frozen_string_literal: true

# What Kubeless's Ruby runtime did for each call, by its documents: Sinatra on WEBrick calls the handler
# inside Timeout, which starts a thread or wakes one for each call.

require 'json'
require 'sinatra'
require 'timeout'
require_relative 'function'

TIMEOUT_S = 180
HANDLER = method(ENV.fetch('FUNC_HANDLER'))

set :server, 'webrick'
set :bind, '0.0.0.0'
set :port, ENV.fetch('PORT')
set :host_authorization, { permitted_hosts: [] }

def call_function
  data = request.body&.read.to_s
  data = JSON.parse(data) if request.media_type == 'application/json'
  event = { data:, 'event-id': request.env['HTTP_EVENT_ID'], extensions: { request: } }
  result = Timeout.timeout(TIMEOUT_S) { HANDLER.call(event, {}) }
  return result if result.is_a?(String)

  content_type :json
  JSON.generate(result)
rescue Timeout::Error
  status 408
end

get('/') { call_function }
post('/') { call_function }
get('/healthz') { 'OK' }
