// A screen reader is told a page's sentence when it has changed and the page rests.

const REST = 400; // milliseconds without a change

function announceHeadlines() {
  const region = document.createElement("div");
  region.setAttribute("role", "status");
  region.className = "rf-announced";
  region.style.cssText = "clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;width:1px";
  document.body.append(region);
  let timer = null;

  const isRunning = () => document.querySelector("[data-test-script-state]")?.dataset.testScriptState !== "notRunning";

  const tell = () => {
    if (isRunning()) return wait();
    const text = document.querySelector(".st-key-headline")?.innerText.trim() ?? "";
    if (text !== region.textContent) region.textContent = text;
  };

  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(tell, REST);
  };

  new MutationObserver(wait).observe(document.body, { childList: true, subtree: true, characterData: true });
}

if (!document.querySelector(".rf-announced")) announceHeadlines();
