// Reading marks and self-check questions. Everything is kept on the device, under one key, in the
// form that docs/authoring.md describes; the home page of a course reads the same key. Where
// storage is forbidden, everything still works until the page is left.
(() => {
  const KEY = "ustaz.book.v1";
  const EVENT = "ustaz:book-progress";
  const source = document.getElementById("uz-book-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const words = data.words;
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  let memory = { format: 1, modules: {} };

  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
      if (kept?.format === 1 && kept.modules && typeof kept.modules === "object") memory = kept;
    } catch {
      // Forbidden or damaged: start from what this page knows.
    }
    return memory;
  };
  const marksOf = (state, id) => {
    const marks = state.modules[id] ?? {};
    return { ...marks, steps: { ...marks.steps }, quizzes: { ...marks.quizzes } };
  };
  const countOf = (id, state = read()) => {
    const marks = marksOf(state, id);
    const module = data.modules[id] ?? { steps: 0, quizzes: 0 };
    const steps = Math.min(Object.values(marks.steps).filter(Boolean).length, module.steps);
    const quizzes = Math.min(Object.keys(marks.quizzes).length, module.quizzes);
    const complete = module.steps > 0 && steps === module.steps && quizzes === module.quizzes;
    return { module: id, steps, ofSteps: module.steps, quizzes, ofQuizzes: module.quizzes, complete };
  };
  const change = (id, edit) => {
    const state = read();
    const marks = marksOf(state, id);
    edit(marks);
    state.modules[id] = marks;
    state.last = id;
    const detail = countOf(id, state);
    marks.complete = detail.complete;
    memory = state;
    try {
      localStorage.setItem(KEY, JSON.stringify(state));
    } catch {
      // Full or forbidden: the marks live until the page is left.
    }
    window.dispatchEvent(new CustomEvent(EVENT, { detail }));
  };
  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };
  const isModule = data.kind === "module";

  // -- self-check questions ------------------------------------------------------------------
  const enhance = (quiz, number) => {
    const list = quiz.querySelector(".uz-choices");
    if (!list) return;
    const several = quiz.dataset.several === "yes";
    const items = [...list.children];
    const name = `uz-quiz-${number}`;
    const legend = element("legend");
    for (const child of [...quiz.children]) {
      if (child.tagName === "P" && !child.className) legend.append(child);
    }
    const hint = element("p", { class: "uz-hint" }, several ? words.several : words.one);
    const form = element("fieldset", { class: "uz-form" }, legend, hint);
    list.before(form);
    form.append(list);
    const inputs = items.map((item, index) => {
      const input = element("input", {
        type: several ? "checkbox" : "radio",
        name,
        id: `${name}-${index}`,
      });
      const label = element("label", {}, input);
      const texts = [...item.childNodes].filter((node) => node.nodeName !== "DETAILS");
      label.append(...texts);
      item.prepend(label);
      return input;
    });
    const shown = items.map((item) => {
      const details = item.querySelector(".uz-feedback");
      const text = details.querySelector(".uz-feedback-text");
      text.classList.add("uz-feedback");
      text.hidden = true;
      details.replaceWith(text);
      return text;
    });
    const status = element("p", { class: "uz-status", role: "status" });
    const button = element("button", { type: "button", class: "uz-button" }, words.check);
    form.append(button, status);
    const reset = () => {
      for (const text of shown) text.hidden = true;
      for (const input of inputs) input.checked = false;
      button.textContent = words.check;
      status.textContent = "";
      inputs[0].focus();
    };
    const check = () => {
      const chosen = inputs.map((input) => input.checked);
      if (!chosen.includes(true)) {
        status.textContent = words.choose;
        inputs[0].focus();
        return;
      }
      const wanted = items.map((item) => item.classList.contains("uz-right"));
      const right = chosen.every((value, index) => value === wanted[index]);
      const wrong = chosen.some((value, index) => value && !wanted[index]);
      shown.forEach((text, index) => {
        text.hidden = !(chosen[index] || right);
      });
      const verdict = right ? words.right : wrong ? words.wrong : words.partly;
      // Feedback is read out with the verdict: a screen reader hears what a reader sees.
      const heard = shown.filter((_, index) => chosen[index]).map((text) => text.textContent.trim());
      status.replaceChildren(verdict, element("span", { class: "uz-hidden" }, ` ${heard.join(" ")}`));
      button.textContent = words.again;
      if (isModule) {
        change(data.page, (marks) => {
          const before = marks.quizzes[quiz.dataset.quiz] ?? { tries: 0, right: false };
          marks.quizzes[quiz.dataset.quiz] = {
            tries: before.tries + 1,
            right: before.right || right,
          };
        });
      }
    };
    button.addEventListener("click", () => {
      if (button.textContent === words.again) reset();
      else check();
    });
    for (const input of inputs) {
      input.addEventListener("change", () => {
        for (const text of shown) text.hidden = true;
        button.textContent = words.check;
        status.textContent = "";
      });
      input.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
          event.preventDefault();
          check();
        }
      });
    }
  };

  // -- reading marks -------------------------------------------------------------------------
  const addStepMarks = () => {
    for (const step of document.querySelectorAll("section.uz-step")) {
      const button = element("button", { type: "button", class: "uz-button" });
      const heading = step.querySelector("h2")?.textContent ?? "";
      const show = () => {
        const done = Boolean(marksOf(read(), data.page).steps[step.id]);
        button.setAttribute("aria-pressed", String(done));
        button.textContent = done ? words.marked : words.mark;
        button.setAttribute("aria-label", `${button.textContent}: ${heading}`);
      };
      button.addEventListener("click", () => {
        change(data.page, (marks) => {
          if (marks.steps[step.id]) delete marks.steps[step.id];
          else marks.steps[step.id] = true;
        });
      });
      window.addEventListener(EVENT, show);
      show();
      step.append(element("p", { class: "uz-steps-done" }, button));
    }
  };
  const addProgress = () => {
    const heading = document.querySelector("article h1");
    if (!heading) return;
    const bar = element("progress", { "aria-hidden": "true" });
    const text = element("span");
    const box = element("div", { class: "uz-progress" }, bar, text);
    const show = () => {
      const count = countOf(data.page);
      bar.max = Math.max(1, count.ofSteps + count.ofQuizzes);
      bar.value = count.steps + count.quizzes;
      const parts = [
        say(words.progress, { done: count.steps, of: count.ofSteps }),
        say(words.checked, { done: count.quizzes, of: count.ofQuizzes }),
      ];
      if (count.complete) parts.push(words.complete);
      text.textContent = `${parts.join(" · ")}. ${words.kept}`;
    };
    window.addEventListener(EVENT, show);
    show();
    heading.after(box);
  };
  const addTicks = () => {
    for (const link of document.querySelectorAll(".sidebar-tree a.reference")) {
      const found = Object.entries(data.modules).find(
        ([, module]) => new URL(module.url, location.href).pathname === link.pathname,
      );
      if (!found) continue;
      const tick = element("span", { class: "uz-tick" });
      const show = () => {
        const count = countOf(found[0]);
        const done = count.steps + count.quizzes;
        const of = count.ofSteps + count.ofQuizzes;
        tick.textContent = done ? (count.complete ? " \u2713" : ` ${done}/${of}`) : "";
        if (count.complete) tick.append(element("span", { class: "uz-hidden" }, words.complete));
      };
      window.addEventListener(EVENT, show);
      show();
      link.append(tick);
    }
  };
  const addContinue = () => {
    const place = document.getElementById("uz-continue");
    const last = read().last;
    const module = last && data.modules[last];
    if (!place || !module) return;
    const title = say(words.continue, { title: module.title });
    const forget = element("button", { type: "button", class: "uz-button" }, words.forget);
    forget.addEventListener("click", () => {
      memory = { format: 1, modules: {} };
      try {
        localStorage.removeItem(KEY);
      } catch {
        // Nothing was kept then.
      }
      place.replaceChildren(element("p", { role: "status" }, words.forgotten));
      window.dispatchEvent(new CustomEvent(EVENT, { detail: null }));
    });
    place.append(
      element("p", {}, element("a", { href: module.url }, title)),
      element("p", { class: "uz-hint" }, words.kept),
      forget,
    );
  };

  // The drawers of a narrow screen are opened by labels of hidden checkboxes, which work without a
  // script. With one, buttons take the labels' place: for the keyboard and for screen readers.
  const upgradeDrawer = (id, name) => {
    const box = document.getElementById(id);
    const buttons = [...document.querySelectorAll(`label[for="${id}"]:not(.overlay)`)].map((label) => {
      const button = element("button", { type: "button", class: label.className, "aria-label": name });
      button.append(...label.querySelectorAll(".icon"));
      button.addEventListener("click", () => {
        box.checked = !box.checked;
        show();
      });
      label.replaceWith(button);
      return button;
    });
    const show = () => {
      for (const button of buttons) button.setAttribute("aria-expanded", String(box.checked));
    };
    box.addEventListener("change", show);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.checked) return;
      box.checked = false;
      show();
      buttons.find((button) => button.offsetParent)?.focus();
    });
    show();
  };

  // Paper has no "open". New browsers open hints for print by the style sheet; older ones need this.
  const opened = [];
  window.addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll(".uz-fold:not([open])")) {
      fold.open = true;
      opened.push(fold);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const fold of opened.splice(0)) fold.open = false;
  });

  // Another language begins where this one is read: at the last heading above the middle.
  const place = () => {
    const headings = [...document.querySelectorAll("article section[id]")];
    const reached = headings.filter((part) => part.getBoundingClientRect().top < innerHeight / 2);
    return scrollY > 0 ? (reached.at(-1)?.id ?? "") : location.hash.slice(1);
  };
  for (const link of document.querySelectorAll(".uz-languages a, .uz-in-english")) {
    const address = link.getAttribute("href");
    link.addEventListener("click", () => {
      const id = place() || location.hash.slice(1);
      link.setAttribute("href", id ? `${address}#${encodeURIComponent(decodeURIComponent(id))}` : address);
    });
  }

  upgradeDrawer("__navigation", words.book);
  upgradeDrawer("__toc", words.contents);
  [...document.querySelectorAll(".uz-quiz")].forEach(enhance);
  if (isModule) {
    addStepMarks();
    addProgress();
  }
  addTicks();
  addContinue();
  // Another tab has changed the marks.
  window.addEventListener("storage", (event) => {
    if (event.key === KEY) window.dispatchEvent(new CustomEvent(EVENT, { detail: null }));
  });
  // Read from a file there is no server behind the links to the workbooks.
  if (!location.protocol.startsWith("http")) document.body.classList.add("uz-away");
})();
