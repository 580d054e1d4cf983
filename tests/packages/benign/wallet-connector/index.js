const TOKENS = {
  USDX: "0x3333333333333333333333333333333333345678",
  WETX: "0x4444444444444444444444444444444444456789",
  DAIX: "0x5555555555555555555555555555555555567890",
};
const PATTERNS = {
  ethereum: /^0x[a-fA-F0-9]{40}$/,
  bitcoin: /^[13][a-km-zA-HJ-NP-Z1-9]{25,34}$/,
};

exports.isAddress = (text, chain = "ethereum") => PATTERNS[chain].test(text);

exports.connect = async () => {
  const [account] = await window.ethereum.request({ method: "eth_requestAccounts" });
  return account;
};

exports.approve = (symbol, spender, amount) =>
  window.ethereum.request({ method: "eth_sendTransaction", params: [{ to: TOKENS[symbol], data: encode(spender, amount) }] });

exports.copy = (address) => navigator.clipboard.writeText(address);

function encode(spender, amount) {
  return "0x095ea7b3" + spender.slice(2).padStart(64, "0") + BigInt(amount).toString(16).padStart(64, "0");
}
