#include <napi.h>

static Napi::Value Sum(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), info[0].ToNumber().DoubleValue() + info[1].ToNumber().DoubleValue());
}

static Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("sum", Napi::Function::New(env, Sum));
  return exports;
}

NODE_API_MODULE(fast_sum, Init)
