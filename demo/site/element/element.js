/** The page around the element: a theme is a class, and a button of the page's own opens the chat. */
const chat = document.getElementById("chat");

for (const radio of document.querySelectorAll("[name=theme]")) {
  radio.addEventListener("change", () => {
    chat.className = radio.value;
  });
}

document.getElementById("open").addEventListener("click", async () => {
  await customElements.whenDefined("genesys-guest-chat");
  chat.openChat();
});
